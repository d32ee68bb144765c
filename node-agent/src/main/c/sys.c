#include "keelson.h"
#include <linux/openat2.h>
#include <sched.h>
#include <sys/syscall.h>

#define OPEN_TREE_FLAGS_CLOEXEC O_CLOEXEC
#define MOVE_FROM_EMPTY 0x04
#define MOVE_TO_EMPTY 0x40
#define FSCONFIG_FLAG 0
#define FSCONFIG_STRING 1
#define FSCONFIG_CREATE 6

struct mount_attributes {
    uint64_t set, clear, propagation, userns_fd;
};

int sys_open_tree(int directory, const char *path, unsigned flags) {
    return (int)syscall(SYS_open_tree, directory, path, flags | OPEN_TREE_FLAGS_CLOEXEC);
}

int sys_move_mount(int from, int to, const char *path) {
    unsigned flags = MOVE_FROM_EMPTY | (*path ? 0 : MOVE_TO_EMPTY);
    return (int)syscall(SYS_move_mount, from, "", to, path, flags);
}

static int set_mount(int fd, unsigned flags, struct mount_attributes attributes) {
    return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | flags, &attributes, sizeof attributes);
}

int sys_mount_attr(int fd, unsigned flags, uint64_t set, uint64_t clear, int userns) {
    return set_mount(fd, flags, (struct mount_attributes){
        .set = set, .clear = clear, .userns_fd = userns < 0 ? 0 : (uint64_t)userns});
}

int sys_mount_attr_all(int fd, unsigned flags, uint64_t set, uint64_t propagation) {
    return set_mount(fd, flags, (struct mount_attributes){.set = set, .propagation = propagation});
}

int sys_new_mount(const char *type, unsigned attributes, const char *const *options) {
    int context = (int)syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */);
    if (context < 0) return -1;
    long result = 0;
    for (; result == 0 && options && options[0]; options += 2) {
        result = syscall(SYS_fsconfig, context, options[1] ? FSCONFIG_STRING : FSCONFIG_FLAG, options[0], options[1], 0);
    }
    if (result == 0) result = syscall(SYS_fsconfig, context, FSCONFIG_CREATE, NULL, NULL, 0);
    if (result == 0) result = syscall(SYS_fsmount, context, 1 /* FSMOUNT_CLOEXEC */, attributes);
    int error = errno;
    close(context);
    errno = error;
    return (int)result;
}

static int open_resolved(int root, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve | RESOLVE_NO_MAGICLINKS};
    int fd = -1, patience = 1000;
    /* A rename anywhere on the machine makes the kernel unsure of a ".."; it asks to be called again. */
    do {
        fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    } while (fd < 0 && errno == EAGAIN && patience-- > 0);
    return fd;
}

int sys_open_in(int root, const char *path, uint64_t flags) {
    return open_resolved(root, path, flags, RESOLVE_IN_ROOT);
}

int sys_open_beneath(int root, const char *path, uint64_t flags) {
    return open_resolved(root, path, flags, RESOLVE_BENEATH);
}

/* Bare, without the C library's fork handlers: supervisor and launcher have one thread. */
static int clone_with(uint64_t flags, int cgroup) {
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
    } arguments = {.flags = flags, .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD, .cgroup = (uint64_t)cgroup};
    return (int)syscall(SYS_clone3, &arguments, sizeof arguments);
}

int sys_clone(uint64_t flags) {
    return clone_with(flags, 0);
}

int sys_clone_into(int cgroup) {
    return clone_with(0x200000000ULL /* CLONE_INTO_CGROUP */, cgroup);
}

int sys_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int sys_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}
