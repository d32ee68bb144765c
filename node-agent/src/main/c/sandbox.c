/* Creates the namespaces of a pod and keeps them by descriptor: no process and no mount has to hold them. */
#include "keelson.h"
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define MOUNT_NOSUID 2
#define MOUNT_NODEV 4
#define MOUNT_NOEXEC 8

static void loopback_up(int report) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0) report_failure(report, errno, "cannot bring up loopback");
    close(fd);
}

/* Written by a process inside the namespaces: /proc/sys shows the writer's own. */
static void set_sysctls(const struct spec *spec, int report) {
    char path[512];
    for (const char *entry = NULL; (entry = spec_next(spec, "sysctl", entry));) {
        const char *value = strchr(entry, '=');
        if (!value) continue;
        int used = snprintf(path, sizeof path, "/proc/sys/%.*s", (int)(value - entry), entry);
        for (int i = 0; i < used; i++) {
            if (path[i] == '.') path[i] = '/';
        }
        if (write_file(AT_FDCWD, path, value + 1) < 0) report_failure(report, errno, "cannot set sysctl %s", entry);
    }
}

/* The first process of a shared process namespace: it only reaps. */
static _Noreturn void be_init(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_NAME, "keelson-init");
    for (;;) {
        siginfo_t info;
        sigwaitinfo(&all, &info);
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    }
}

static _Noreturn void hold(const struct spec *spec, int report, uint64_t flags) {
    char go;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(report, &go, 1) != 1) _exit(1);
    if (flags & CLONE_NEWUSER && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)) {
        report_failure(report, errno, "cannot become root of the pod's user namespace");
    }
    const char *hostname = spec_get(spec, "hostname", "");
    if (flags & CLONE_NEWUTS && sethostname(hostname, strlen(hostname)) < 0) {
        report_failure(report, errno, "cannot set hostname \"%s\"", hostname);
    }
    if (flags & CLONE_NEWNET) loopback_up(report);
    set_sysctls(spec, report);
    report_value(report, REPORT_READY, 0, -1);
    if (!(flags & CLONE_NEWPID)) _exit(0);
    /* Descriptors of the supervisor do not belong into a namespace that containers see. */
    syscall(SYS_close_range, 3, ~0U, 0);
    be_init();
}

static int open_namespace(pid_t pid, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int map_ids(const struct pod *pod) {
    char path[64], map[64];
    snprintf(map, sizeof map, "0 %u %u\n", pod->root_uid, pod->id_range);
    snprintf(path, sizeof path, "/proc/%d/uid_map", pod->holder);
    if (write_file(AT_FDCWD, path, map) < 0) return -1;
    snprintf(path, sizeof path, "/proc/%d/gid_map", pod->holder);
    return write_file(AT_FDCWD, path, map);
}

/* The pod's /dev/shm, shared by its containers as its ipc namespace is; a mount that no path leads to. */
static int create_shared_memory(const struct pod *pod) {
    char root[16];
    snprintf(root, sizeof root, "%u", pod->root_uid);
    const char *options[] = {"size", "67108864", "mode", "1777", "uid", root, "gid", root, NULL};
    return sys_new_mount("tmpfs", MOUNT_NOSUID | MOUNT_NODEV | MOUNT_NOEXEC, options);
}

static uint64_t namespaces_wanted(const struct spec *spec) {
    uint64_t flags = CLONE_NEWUTS;
    if (!spec_is(spec, "host.network")) flags |= CLONE_NEWNET;
    else flags &= ~(uint64_t)CLONE_NEWUTS; /* A pod on the host's network has the host's name, as in Kubernetes. */
    if (!spec_is(spec, "host.ipc")) flags |= CLONE_NEWIPC;
    if (!spec_is(spec, "host.users")) flags |= CLONE_NEWUSER;
    if (spec_is(spec, "shared.pid")) flags |= CLONE_NEWPID;
    return flags;
}

static int holder_report(int channel, char *error, size_t size) {
    struct report report = {0};
    if (recv(channel, &report, sizeof report, 0) > 0 && report.kind == REPORT_READY) return 0;
    snprintf(error, size, "%s", report.kind == REPORT_ERROR ? report.text : "the namespaces' first process died");
    return -1;
}

static int create_namespaces(struct pod *pod, const struct spec *spec, uint64_t flags, char *error, size_t size) {
    int channel[2];
    if (report_pair(channel) < 0) return -1;
    pod->holder = sys_clone(flags);
    if (pod->holder == 0) {
        close(channel[0]);
        hold(spec, channel[1], flags);
    }
    close(channel[1]);
    if (pod->holder < 0) {
        snprintf(error, size, "cannot create namespaces: %s", error_text(errno));
        close(channel[0]);
        return -1;
    }
    int result = 0;
    if (flags & CLONE_NEWUSER && map_ids(pod) < 0) {
        snprintf(error, size, "cannot map ids %u+%u: %s", pod->root_uid, pod->id_range, error_text(errno));
        result = -1;
    }
    if (result == 0) {
        pod->user = flags & CLONE_NEWUSER ? open_namespace(pod->holder, "user") : -1;
        pod->net = open_namespace(pod->holder, "net");
        pod->ipc = open_namespace(pod->holder, "ipc");
        pod->uts = open_namespace(pod->holder, "uts");
        pod->pid = flags & CLONE_NEWPID ? open_namespace(pod->holder, "pid") : -1;
        if (write(channel[0], "g", 1) != 1) result = -1;
        if (result == 0) result = holder_report(channel[0], error, size);
    }
    close(channel[0]);
    if (result < 0) kill(pod->holder, SIGKILL);
    if (result < 0 || !(flags & CLONE_NEWPID)) {
        waitpid(pod->holder, NULL, 0);
        pod->holder = 0;
    }
    return result;
}

int pod_create(struct pod *pod, const struct spec *spec, char *error, size_t size) {
    pod->root_uid = (uid_t)spec_number(spec, "root.uid", 0);
    pod->id_range = (unsigned)spec_number(spec, "id.range", 65536);
    pod->host_pid = spec_is(spec, "host.pid");
    pod->host_ipc = spec_is(spec, "host.ipc");
    pod->shm = -1;
    if (create_namespaces(pod, spec, namespaces_wanted(spec), error, size) < 0) return -1;
    if (!pod->host_ipc) pod->shm = create_shared_memory(pod);
    return 0;
}

int pod_enter(const struct pod *pod) {
    if (setns(pod->net, CLONE_NEWNET) < 0) return -1;
    if (setns(pod->ipc, CLONE_NEWIPC) < 0) return -1;
    if (setns(pod->uts, CLONE_NEWUTS) < 0) return -1;
    if (pod->pid >= 0 && setns(pod->pid, CLONE_NEWPID) < 0) return -1;
    if (pod->user < 0) return 0;
    if (setns(pod->user, CLONE_NEWUSER) < 0) return -1;
    if (setresgid(0, 0, 0) < 0) return -1;
    return setresuid(0, 0, 0);
}
