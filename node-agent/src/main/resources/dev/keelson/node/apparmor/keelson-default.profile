# What containers may do that name no profile: everything that namespaces, users and capabilities leave them, but no mounts
# and nothing of the kernel's own files. No include, so that a node needs only the parser.
profile keelson-default flags=(attach_disconnected,mediate_deleted) {
  network,
  capability,
  file,
  umount,

  # The node ends containers; containers end and trace what is theirs.
  signal (receive) peer=unconfined,
  signal (send,receive) peer=keelson-default,
  ptrace (trace,read,tracedby,readby) peer=keelson-default,

  deny mount,

  # In /proc only processes, and of /proc/sys only kernel/shm*, which is a namespace's.
  deny /proc/* w,
  deny /proc/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,
  deny /proc/sys/[^k]** w,
  deny /proc/sys/kernel/{?,??,[^s][^h][^m]**} w,
  deny /proc/sysrq-trigger rwklx,
  deny /proc/mem rwklx,
  deny /proc/kmem rwklx,
  deny /proc/kcore rwklx,

  # In /sys only control groups.
  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/fs/cg[^r]*/** wklx,
  deny /sys/firmware/** rwklx,
  deny /sys/devices/virtual/powercap/** rwklx,
  deny /sys/kernel/security/** rwklx,
}
