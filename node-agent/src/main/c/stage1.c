/* Between the supervisor and a container's first process: what needs the host's privileges. */
#include "keelson.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>

void own_stdio(const struct start *start) {
    /* Root of the pod must be able to hand its pipes to another user of the pod (see stage 2). */
    for (int i = 0; i < 3; i++) {
        if (start->stdio[i] >= 0 && fchown(start->stdio[i], start->pod->root_uid, start->pod->root_uid) < 0) continue;
    }
}

void leave_supervisor(void) {
    sigset_t none;
    command_show("keelson-start");
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The clone has this process's parent as its own, so the supervisor reaps it. */
static pid_t clone_sibling(const struct start *start, uint64_t flags) {
    pid_t pid = sys_clone(flags | CLONE_PARENT);
    if (pid < 0 && errno == EAGAIN) {
        report_failure(start->report, 0, "cannot create a process: the container's or the pod's pids limit is reached");
    }
    if (pid < 0) report_failure(start->report, errno, "cannot create a process in the container's namespaces");
    if (pid > 0) {
        report_value(start->report, REPORT_PID, pid, -1);
        _exit(0);
    }
    return pid;
}

int *rootfs_prepare(const struct start *start) {
    if (unshare(CLONE_NEWNS) < 0) report_failure(start->report, errno, "cannot create a mount namespace");
    int *volumes = rootfs_open_volumes(start);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        report_failure(start->report, errno, "cannot make the mount namespace private");
    }
    rootfs_open_images(start, volumes);
    rootfs_overlay(start);
    return volumes;
}

/* A score below the launcher's own needs CAP_SYS_RESOURCE; without it the process keeps the launcher's. */
static void set_oom_score(const struct start *start) {
    write_file(AT_FDCWD, "/proc/self/oom_score_adj", spec_get(start->spec, "oom.score", "0"));
}

/*
 * What the program will run under, from its exec on; clones keep it. It is said here, where /proc is the host's and nothing
 * of the image or of a volume can stand in its place.
 */
static void set_profile(const struct start *start) {
    char command[PATH_MAX + 8];
    const char *profile = spec_get(start->spec, "apparmor", "");
    if (!*profile) return;
    snprintf(command, sizeof command, "exec %s", profile);
    if (write_file(AT_FDCWD, "/proc/thread-self/attr/apparmor/exec", command) == 0) return;
    /* Kernels before 5.8 have one file for whichever module comes first. */
    if (errno == ENOENT && write_file(AT_FDCWD, "/proc/thread-self/attr/exec", command) == 0) return;
    report_failure(start->report, errno, "cannot apply apparmor profile \"%s\"", profile);
}

_Noreturn void stage1_container(const struct start *start) {
    uint64_t flags = CLONE_NEWNS | CLONE_NEWCGROUP;
    leave_supervisor();
    own_stdio(start);
    if (!spec_is(start->spec, "cgroup.v2") && cgroup_join(start->spec) < 0) report_failure(start->report, errno, "cannot join the container's cgroup");
    set_oom_score(start);
    set_profile(start);
    /* A clone of a mount of no namespace must be made in the namespace that it was made in: before unshare. */
    struct trees trees = {
        .groups = kernel_open_groups(start),
        .shm = start->pod->shm < 0 ? -1 : sys_open_tree(start->pod->shm, "", AT_EMPTY_PATH | OPEN_TREE_CLONE)};
    trees.volumes = rootfs_prepare(start);
    if (start->target_pidfd >= 0 && setns(start->target_pidfd, CLONE_NEWPID) < 0) {
        report_failure(start->report, errno, "cannot enter the process namespace of the target container");
    }
    if (pod_enter(start->pod) < 0) report_failure(start->report, errno, "cannot enter the pod's namespaces");
    if (!start->pod->host_pid && start->pod->pid < 0 && start->target_pidfd < 0) flags |= CLONE_NEWPID;
    clone_sibling(start, flags);
    stage2_container(start, &trees);
}

_Noreturn void stage1_exec(const struct start *start) {
    int namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID;
    leave_supervisor();
    own_stdio(start);
    if (start->pod->user >= 0) namespaces |= CLONE_NEWUSER;
    if (!spec_is(start->spec, "cgroup.v2") && cgroup_join(start->spec) < 0) report_failure(start->report, errno, "cannot join the container's cgroup");
    set_oom_score(start);
    set_profile(start);
    if (setns(start->target_pidfd, namespaces) < 0) {
        report_failure(start->report, errno, "cannot enter the container's namespaces");
    }
    if (start->pod->user >= 0 && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)) {
        report_failure(start->report, errno, "cannot become root of the pod's user namespace");
    }
    clone_sibling(start, 0);
    setsid();
    process_run(start);
}
