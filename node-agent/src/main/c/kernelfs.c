/* What a container sees of the kernel: /proc, /sys with its cgroups, /dev. Opened in stage 1, mounted in stage 2. */
#include "keelson.h"
#include <dirent.h>

#define UNSEEN (ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC)

/* Attaches the mount, which may fail to have been made, as name in a directory that nobody else can change. */
static void attach_as(const struct start *start, int tree, int directory, const char *name) {
    if (tree < 0 || sys_move_mount(tree, directory, name) < 0) report_failure(start->report, errno, "cannot mount %s", name);
    close(tree);
}

/* Mounts a new filesystem on path. Answers its root. */
static int attach_new(const struct start *start, int root, const char *type, const char *path, unsigned attributes,
                      const char *const *options) {
    /* A link here could only come from the image, and would lead to a wrong place inside the container. */
    int place = rootfs_place(root, path, true);
    if (place < 0) report_failure(start->report, errno, "cannot create %s", path);
    int tree = sys_new_mount(type, attributes, options);
    if (tree < 0 || sys_move_mount(tree, place, "") < 0) {
        report_failure(start->report, errno, "cannot mount %s on %s", type, path);
    }
    close(place);
    return tree;
}

int *kernel_open_groups(const struct start *start) {
    unsigned attributes = UNSEEN | (spec_is(start->spec, "privileged") ? 0 : ATTR_RDONLY);
    int *groups = calloc(spec_count(start->spec, "cgroup") + 1, sizeof *groups);
    if (!groups) report_failure(start->report, ENOMEM, "cannot open the container's cgroups");
    const char *directory = NULL;
    for (int i = 0; (directory = spec_next(start->spec, "cgroup", directory)); i++) {
        groups[i] = sys_open_tree(AT_FDCWD, directory, OPEN_TREE_CLONE);
        if (groups[i] < 0 || sys_mount_attr(groups[i], 0, attributes, 0, -1) < 0) {
            report_failure(start->report, errno, "cannot open cgroup \"%s\"", directory);
        }
    }
    return groups;
}

static void attach_cgroups(const struct start *start, int root, unsigned attributes, const int *groups) {
    static const char *const SMALL[] = {"size", "4k", "mode", "755", NULL};
    if (spec_is(start->spec, "cgroup.v2")) {
        rootfs_attach(start, root, groups[0], "/sys/fs/cgroup", true);
        return;
    }
    int place = attach_new(start, root, "tmpfs", "/sys/fs/cgroup", UNSEEN, SMALL);
    const char *name = NULL;
    for (int i = 0; (name = spec_next(start->spec, "cgroup.hierarchy", name)); i++) {
        mkdirat(place, name, 0755);
        attach_as(start, groups[i], place, name);
    }
    if (sys_mount_attr(place, 0, attributes, 0, -1) < 0) report_failure(start->report, errno, "cannot protect cgroups");
    close(place);
}

static void attach_devices(const struct start *start, int dev) {
    static const char *const NODES[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"};
    static const char *const LINKS[][2] = {{"/proc/self/fd", "fd"},
                                           {"/proc/self/fd/0", "stdin"},
                                           {"/proc/self/fd/1", "stdout"},
                                           {"/proc/self/fd/2", "stderr"},
                                           {"pts/ptmx", "ptmx"}};
    for (size_t i = 0; i < sizeof NODES / sizeof *NODES; i++) {
        const char *name = NODES[i] + strlen("/dev/");
        mknodat(dev, name, S_IFREG | 0644, 0);
        attach_as(start, sys_open_tree(AT_FDCWD, NODES[i], OPEN_TREE_CLONE), dev, name);
    }
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        if (symlinkat(LINKS[i][0], dev, LINKS[i][1]) < 0) report_failure(start->report, errno, "cannot fill /dev");
    }
}

/* Only for privileged containers on the host's users: every device of the host, by bind mount as the standard ones. */
static void attach_host_devices(const struct start *start, int root) {
    char path[PATH_MAX];
    struct stat info;
    DIR *devices = opendir("/dev");
    if (!devices) report_failure(start->report, errno, "cannot list the host's devices");
    for (struct dirent *entry; (entry = readdir(devices));) {
        snprintf(path, sizeof path, "/dev/%s", entry->d_name);
        bool node = lstat(path, &info) == 0 && (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode));
        /* Directories such as /dev/mapper and /dev/dri; pts, shm and mqueue are the container's own. */
        bool directory = !node && S_ISDIR(info.st_mode) && entry->d_name[0] != '.' && !strstr("pts shm mqueue", entry->d_name);
        int present = sys_open_in(root, path, O_PATH);
        if (present >= 0) close(present);
        if (present < 0 && (node || directory)) {
            rootfs_attach(start, root, sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE), path, directory);
        }
    }
    closedir(devices);
}

static void attach_below(const struct start *start, int directory, const char *name, int tree) {
    mkdirat(directory, name, 0755);
    attach_as(start, tree, directory, name);
}

static void attach_dev(const struct start *start, int root, int shm) {
    static const char *const DEV[] = {"mode", "755", "size", "65536k", NULL};
    static const char *const PTS[] = {"newinstance", NULL, "ptmxmode", "0666", "mode", "0620", "gid", "5", NULL};
    static const char *const SHM[] = {"mode", "1777", "size", "65536k", NULL};
    int dev = attach_new(start, root, "tmpfs", "/dev", ATTR_NOSUID | ATTR_NOEXEC | ATTR_STRICTATIME, DEV);
    attach_below(start, dev, "pts", sys_new_mount("devpts", ATTR_NOSUID | ATTR_NOEXEC, PTS));
    attach_below(start, dev, "mqueue", sys_new_mount("mqueue", UNSEEN, NULL));
    if (start->pod->host_ipc) shm = sys_open_tree(AT_FDCWD, "/dev/shm", OPEN_TREE_CLONE | AT_RECURSIVE);
    /* Kernels before 6.15 cannot clone the pod's: then each container has its own. */
    attach_below(start, dev, "shm", shm < 0 ? sys_new_mount("tmpfs", UNSEEN, SHM) : shm);
    attach_devices(start, dev);
    close(dev);
    if (devices_allowed(start)) attach_host_devices(start, root);
}

/* The empty directory that covers another: one filesystem, mounted where it is needed first and then from there. */
static int empty_directory(int *first) {
    static const char *const EMPTY[] = {"size", "0", "mode", "755", NULL};
    if (*first >= 0) return sys_open_tree(*first, "", AT_EMPTY_PATH | OPEN_TREE_CLONE);
    int tree = sys_new_mount("tmpfs", ATTR_RDONLY | UNSEEN, EMPTY);
    if (tree >= 0) *first = fcntl(tree, F_DUPFD_CLOEXEC, 3);
    return tree;
}

static void hide(const struct start *start, int root, const char *path, int *empty) {
    struct stat info;
    int place = sys_open_in(root, path, O_PATH);
    if (place < 0) return;
    bool directory = fstat(place, &info) == 0 && S_ISDIR(info.st_mode);
    int tree = directory ? empty_directory(empty) : sys_open_tree(AT_FDCWD, "/dev/null", OPEN_TREE_CLONE);
    if (tree < 0 || sys_move_mount(tree, place, "") < 0) report_failure(start->report, errno, "cannot mask /%s", path);
    close(tree);
    close(place);
}

static void freeze_path(const struct start *start, int root, const char *path) {
    int place = sys_open_in(root, path, O_PATH);
    if (place < 0) return;
    int tree = sys_open_tree(place, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | AT_RECURSIVE);
    if (tree < 0 || sys_mount_attr(tree, AT_RECURSIVE, ATTR_RDONLY, 0, -1) < 0 || sys_move_mount(tree, place, "") < 0) {
        report_failure(start->report, errno, "cannot make /%s read-only", path);
    }
    close(tree);
    close(place);
}

static void protect_kernel_files(const struct start *start, int root) {
    static const char *const MASKED[] = {
        "proc/asound",      "proc/acpi",       "proc/interrupts",  "proc/kcore", "proc/keys",    "proc/latency_stats",
        "proc/timer_list",  "proc/timer_stats", "proc/sched_debug", "proc/scsi",  "sys/firmware", "sys/devices/virtual/powercap"};
    static const char *const READ_ONLY[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger"};
    int empty = -1;
    for (size_t i = 0; i < sizeof MASKED / sizeof *MASKED; i++) hide(start, root, MASKED[i], &empty);
    for (size_t i = 0; i < sizeof READ_ONLY / sizeof *READ_ONLY; i++) freeze_path(start, root, READ_ONLY[i]);
    close(empty);
}

void kernel_mounts(const struct start *start, int root, const struct trees *trees) {
    bool privileged = spec_is(start->spec, "privileged");
    unsigned guarded = UNSEEN | (privileged ? 0 : ATTR_RDONLY);
    close(attach_new(start, root, "proc", "/proc", UNSEEN, NULL));
    close(attach_new(start, root, "sysfs", "/sys", guarded, NULL));
    attach_cgroups(start, root, guarded, trees->groups);
    attach_dev(start, root, trees->shm);
    if (!privileged && !spec_is(start->spec, "proc.unmasked")) protect_kernel_files(start, root);
}
