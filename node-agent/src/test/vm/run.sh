#!/usr/bin/env bash
# Runs tests about cgroups on a machine that has the unified hierarchy alone: a small virtual one, in software (no KVM needed).
# run.sh [CLASS...]: without classes, those that limits and control groups decide about, and the life of pods under a whole
# agent. Needs a built node-agent (test-compile), root, and from Debian qemu-system-x86, e2fsprogs, kmod, cpio, openssl,
# apparmor and busybox-static. The kernel is Debian's linux-image-cloud-amd64,
# fetched once into the cache; everything else is this machine's JDK and busybox. About five minutes on two cores.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
module=$(cd "$here/../../.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/keelson-vm
engine=dev.keelson.node.runtime.engine
tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=("$engine.LimitsIT" "$engine.UnifiedLimitsIT" "$engine.UnifiedGroupsIT" "$engine.LifecycleIT"
  "$engine.LauncherRuntimeContractIT" dev.keelson.node.PodLifecycleIT dev.keelson.node.AppArmorIT dev.keelson.node.HugePagesIT)

say() { printf 'vm: %s\n' "$*" >&2; }
work=$(mktemp -d /tmp/keelson-vm.XXXXXX)
trap 'rm -rf "$work"' EXIT

fetch_kernel() {
  [ -e "$cache/vmlinuz" ] && grep -q nft_masq "$cache/modules/order" && return
  say "fetching a kernel"
  mkdir -p "$cache"
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ {print $2; exit}')
  # _apt may not write into root's directories.
  (cd "$work" && apt-get download -q "$package" >/dev/null 2>&1 && dpkg -x "$package"_*.deb kernel)
  local version=${package#linux-image-}
  depmod -b "$work/kernel" "$version"
  rm -rf "$cache/modules"
  mkdir -p "$cache/modules"
  for module_name in virtio_pci virtio_blk overlay veth bridge nf_tables nft_chain_nat nft_ct nft_fib_inet nft_fib_ipv4 nft_masq \
    nft_nat nft_numgen nft_reject_inet nft_reject_ipv4 nf_conntrack_netlink; do
    modprobe -d "$work/kernel" -S "$version" --show-depends "$module_name" | awk '$1 == "insmod" {print $2}'
  done | awk '!seen[$0]++' >"$work/order"
  while read -r file; do cp "$file" "$cache/modules/"; basename "$file"; done <"$work/order" >"$cache/modules/order"
  cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz"
}

make_initrd() {
  mkdir -p "$work/initrd"/{bin,modules,proc,dev,root}
  cp /bin/busybox "$work/initrd/bin/"
  cp "$cache"/modules/* "$work/initrd/modules/"
  cat >"$work/initrd/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
while read -r module; do /bin/busybox insmod "/modules/$module"; done </modules/order
/bin/busybox mount -t ext4 /dev/vda /root && exec /bin/busybox switch_root /root /init
INIT
  chmod +x "$work/initrd/init"
  (cd "$work/initrd" && find . | cpio -o -H newc --quiet) >"$work/initrd.img"
}

# What the JDK, openssl (it makes certificates for the agent) and the parser of AppArmor's profiles need of the system.
copy_libraries() {
  { ldd "$JAVA_HOME/bin/java"; ldd "$(command -v openssl)"; ldd /sbin/apparmor_parser; ldd "$JAVA_HOME"/lib/server/libjvm.so; ldd "$JAVA_HOME"/lib/*.so; } 2>/dev/null \
    | awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\/.*ld-/ {print $1}' | sort -u \
    | while read -r library; do
        case $library in "$JAVA_HOME"/*) continue ;; esac
        mkdir -p "$1$(dirname "$library")"
        cp -L "$library" "$1$library"
      done
}

make_root() {
  local root=$work/root classpath jar
  mkdir -p "$root"/{bin,sbin,proc,sys,dev,tmp,run,etc,root,jars,usr/bin} "$root$module" "$root$JAVA_HOME"
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/"
  chroot "$root" /bin/busybox --install -s /bin
  echo "root:x:0:0:root:/root:/bin/sh" >"$root/etc/passwd"
  echo "root:x:0:" >"$root/etc/group"
  tar -C "$JAVA_HOME" --exclude=./jmods --exclude=./lib/src.zip --exclude=./legal -cf - . | tar -C "$root$JAVA_HOME" -xf -
  copy_libraries "$root"
  mkdir -p "$root/usr/lib/ssl"
  cp "$(command -v openssl)" "$root/usr/bin/"
  cp /sbin/apparmor_parser "$root/sbin/"
  cp -L /etc/ssl/openssl.cnf "$root/usr/lib/ssl/"
  (cd "$module/.." && mvn -q -B -ntp test-compile dependency:build-classpath -pl node-agent -am -Dmdep.outputFile=target/vm.classpath) \
    >"$work/maven.log" 2>&1 || { cat "$work/maven.log" >&2; exit 1; }
  classpath=/tests:$module/target/test-classes:$module/target/classes
  mkdir -p "$root/tests"
  for entry in $(tr ':' ' ' <"$module/target/vm.classpath"); do
    case $entry in
      *.jar) cp "$entry" "$root/jars/" && classpath+=:/jars/$(basename "$entry")
        # Maven's own runner brings the launcher that belongs to the engine.
        case $entry in */junit-platform-engine-*.jar) jar=${entry//platform-engine/platform-launcher}; cp "$jar" "$root/jars/"
          classpath+=:/jars/$(basename "$jar") ;; esac ;;
      *) mkdir -p "$root$entry" && cp -r "$entry/." "$root$entry/" && classpath+=:$entry ;;
    esac
  done
  mkdir -p "$root$module/target"
  cp -r "$module/target/classes" "$module/target/test-classes" "$module/target/keelson-launcher" "$root$module/target/"
  "$JAVA_HOME/bin/javac" -d "$root/tests" -cp "$(printf '%s:' "$root"/jars/junit-platform-*.jar)" "$here/RunTests.java"
  cat >"$root/init" <<INIT
#!/bin/sh
export PATH=/bin:/usr/bin:/sbin:$JAVA_HOME/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t securityfs security /sys/kernel/security
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
ip link set lo up
echo 8 >/proc/sys/vm/nr_hugepages
cd $module
java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx600m --enable-native-access=ALL-UNNAMED \\
  --sun-misc-unsafe-memory-access=allow -cp $classpath RunTests ${tests[*]}
poweroff -f
INIT
  chmod +x "$root/init"
  mke2fs -q -t ext4 -d "$root" "$work/disk" 2500M
}

: "${JAVA_HOME:?set JAVA_HOME to a JDK 25}"
fetch_kernel
make_initrd
say "making the disk"
make_root
say "starting the machine"
timeout "${VM_TIMEOUT:-1200}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 3072 -display none -serial stdio -no-reboot \
  -kernel "$cache/vmlinuz" -initrd "$work/initrd.img" -append "console=ttyS0 quiet panic=-1" \
  -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe" </dev/null | sed -u 's|\r||g' | tee "$work/console"
grep -q '^RESULT .* failed=0$' "$work/console"
