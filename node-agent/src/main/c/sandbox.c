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
    command_show("keelson-init");
    for (;;) {
        siginfo_t info;
        sigwaitinfo(&all, &info);
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    }
}

/* Nothing of who made it may stay open in it: a lock would be held, a namespace would show what is not its. */
static int keep_only(int report) {
    if (dup2(report, 3) < 0) _exit(1);
    syscall(SYS_close_range, 4, ~0U, 0);
    return 3;
}

static _Noreturn void hold(int report, uint64_t flags) {
    static char bytes[MESSAGE_MAX];
    struct spec spec;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "keelson-holder");
    command_show("keelson-holder");
    report = keep_only(report);
    /* Before the ids are mapped: all capabilities in the new namespaces are there at once. */
    if (flags & CLONE_NEWNET) loopback_up(report);
    ssize_t got = recv(report, bytes, sizeof bytes, 0);
    if (got <= 0 || spec_copy(&spec, bytes, (size_t)got) < 0) _exit(1);
    if (flags & CLONE_NEWUSER && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)) {
        report_failure(report, errno, "cannot become root of the pod's user namespace");
    }
    const char *hostname = spec_get(&spec, "hostname", "");
    if (flags & CLONE_NEWUTS && sethostname(hostname, strlen(hostname)) < 0) {
        report_failure(report, errno, "cannot set hostname \"%s\"", hostname);
    }
    set_sysctls(&spec, report);
    report_value(report, REPORT_READY, 0, -1);
    if (!(flags & CLONE_NEWPID)) _exit(0);
    /* Descriptors of the supervisor do not belong into a namespace that containers see. */
    close(report);
    be_init();
}

int holder_start(struct holder *holder, uint64_t flags) {
    int channel[2];
    holder->pid = -1;
    if (report_pair(channel) < 0) return -1;
    pid_t pid = sys_clone(flags);
    if (pid == 0) hold(channel[1], flags);
    int error = errno;
    close(channel[1]);
    if (pid < 0) close(channel[0]);
    else *holder = (struct holder){.pid = pid, .channel = channel[0], .flags = flags};
    errno = error;
    return pid < 0 ? -1 : 0;
}

/* By the end of its channel: the number of a spare that has died may be another process's by now. */
void holder_end(struct holder *holder) {
    if (holder->pid > 0) close(holder->channel);
    holder->pid = -1;
}

static bool holder_waits(const struct holder *holder) {
    char word;
    return holder->pid > 0 && recv(holder->channel, &word, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
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
    ssize_t got = recv(channel, &report, sizeof report, 0);
    /* It ended without having read our word; what it said before comes next. */
    if (got < 0 && errno == ECONNRESET) got = recv(channel, &report, sizeof report, 0);
    if (got > 0 && report.kind == REPORT_READY) return 0;
    snprintf(error, size, "%s", report.kind == REPORT_ERROR ? report.text : "the namespaces' first process died");
    return -1;
}

/* Makes the holder's namespaces this pod's. */
static int take_namespaces(struct pod *pod, const struct holder *holder, const struct spec *spec, char *error, size_t size) {
    pod->holder = holder->pid;
    if (holder->flags & CLONE_NEWUSER && map_ids(pod) < 0) {
        snprintf(error, size, "cannot map ids %u+%u: %s", pod->root_uid, pod->id_range, error_text(errno));
        return -1;
    }
    pod->user = holder->flags & CLONE_NEWUSER ? open_namespace(holder->pid, "user") : -1;
    pod->net = open_namespace(holder->pid, "net");
    pod->ipc = open_namespace(holder->pid, "ipc");
    pod->uts = open_namespace(holder->pid, "uts");
    pod->pid = holder->flags & CLONE_NEWPID ? open_namespace(holder->pid, "pid") : -1;
    int sent = wire_send(holder->channel, spec->bytes, spec->length, NULL, 0);
    if (sent < 0 && errno != EPIPE && errno != ECONNRESET) {
        snprintf(error, size, "cannot tell the pod's spec to its first process: %s", error_text(errno));
        return -1;
    }
    if (sent == 0 && !pod->host_ipc && pod->shm < 0) pod->shm = create_shared_memory(pod);
    /* One that has ended says why. */
    return holder_report(holder->channel, error, size);
}

static void drop_namespaces(struct pod *pod) {
    int *all[] = {&pod->user, &pod->net, &pod->ipc, &pod->uts, &pod->pid};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (*all[i] >= 0) close(*all[i]);
        *all[i] = -1;
    }
}

int pod_create(struct pod *pod, const struct spec *spec, struct holder *spare, char *error, size_t size) {
    uint64_t flags = namespaces_wanted(spec);
    pod->root_uid = (uid_t)spec_number(spec, "root.uid", 0);
    pod->id_range = (unsigned)spec_number(spec, "id.range", 65536);
    pod->host_pid = spec_is(spec, "host.pid");
    pod->host_ipc = spec_is(spec, "host.ipc");
    pod->shm = -1;
    struct holder holder = *spare;
    bool made = holder_waits(&holder) && holder.flags == flags && take_namespaces(pod, &holder, spec, error, size) == 0;
    if (!made) {
        /* Of another kind, or it died with the launcher: then this pod's are made here. */
        drop_namespaces(pod);
        holder_end(spare);
        if (holder_start(&holder, flags) < 0) {
            snprintf(error, size, "cannot create namespaces: %s", error_text(errno));
            return -1;
        }
        made = take_namespaces(pod, &holder, spec, error, size) == 0;
    }
    if (!made) holder_end(&holder);
    else close(holder.channel);
    /* It is reaped like any child that ends. */
    if (!made || !(flags & CLONE_NEWPID)) pod->holder = 0;
    return made ? 0 : -1;
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
