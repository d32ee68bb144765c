/* The process that forks supervisors: small, single-threaded, so that a fork costs little; not a child of the JVM. */
#include "keelson.h"
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Of this process alone: a supervisor that kept it would keep the next launcher from starting. */
static int own_lock = -1;

/*
 * The channel of a supervisor for the next pod, made when the launcher has rested for a moment: a fork and namespaces take as
 * long as all the rest of a sandbox. One at most, none before the first pod; it ends with its channel.
 */
#define REST_MILLIS 40
#define LOCK_ATTEMPTS 1000
#define LOCK_PAUSE_MICROS 1000
static int spare = -1;
static bool spare_wanted;

static int complain(const char *what, const char *subject) {
    fprintf(stderr, "keelson-launcher: cannot %s \"%s\": %s\n", what, subject, error_text(errno));
    return 1;
}

static int join_cgroups(int count, char **groups) {
    char path[PATH_MAX];
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/cgroup.procs", groups[i]);
        if (write_file(AT_FDCWD, path, "0") < 0) return complain("join cgroup", groups[i]);
    }
    return 0;
}

static void settle(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    if (null > 2) close(null);
    prctl(PR_SET_NAME, "keelson-launch");
    /* Out of the reach of ptrace and /proc from inside a pod while a child of ours is on its way in. */
    prctl(PR_SET_DUMPABLE, 0);
    /* Wanted, but not allowed without CAP_SYS_RESOURCE: then supervisors share the default risk. */
    write_file(AT_FDCWD, "/proc/self/oom_score_adj", "-900");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    umask(022);
}

/* True in the child, which has nothing of the launcher's own any more. */
static bool fork_supervisor(int listener, pid_t *child) {
    *child = fork();
    if (*child != 0) return false;
    close(listener);
    close(own_lock);
    return true;
}

static void make_spare(int listener) {
    int channel[2];
    pid_t child;
    if (report_pair(channel) < 0) return;
    if (fork_supervisor(listener, &child)) {
        close(channel[0]);
        supervisor_spare(channel[1]);
    }
    close(channel[1]);
    if (child < 0) close(channel[0]);
    else spare = channel[0];
}

/* False when there is none, or it has died. */
static bool use_spare(int directory, int lock, int conversation) {
    int fds[] = {directory, lock, conversation};
    if (spare < 0) return false;
    bool told = wire_send(spare, "pod", 3, fds, 3) == 0;
    close(spare);
    spare = -1;
    return told;
}

static void start_supervisor(int listener, int conversation, const char *path) {
    pid_t child;
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        wire_error(conversation, "INVALID", error_text(errno));
        return;
    }
    /*
     * Taken before the fork and inherited, or sent along: once this launcher answers somebody else, whoever finds the lock
     * free knows that no supervisor of this pod is on its way.
     */
    int lock = openat(directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0) {
        wire_error(conversation, "TRANSIENT", lock < 0 ? error_text(errno) : "the pod has a supervisor already");
    } else {
        if (!use_spare(directory, lock, conversation)) {
            if (fork_supervisor(listener, &child)) supervisor_main(directory, conversation);
            if (child < 0) wire_error(conversation, "TRANSIENT", error_text(errno));
        }
        spare_wanted = true;
    }
    if (lock >= 0) close(lock);
    close(directory);
}

/* One request per conversation; false ends the launcher. */
static bool serve(int listener, int conversation) {
    static char bytes[PATH_MAX + 64];
    int fds[MESSAGE_FDS], count;
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(conversation, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 || peer.uid != geteuid()) return true;
    /* A client that says nothing must not hold up the others. */
    struct pollfd wait = {.fd = conversation, .events = POLLIN};
    if (poll(&wait, 1, 1000) != 1) return true;
    ssize_t got = wire_receive(conversation, bytes, sizeof bytes - 1, fds, &count);
    for (int i = 0; i < count; i++) close(fds[i]);
    if (got <= 0) return true;
    bytes[got] = '\0';
    const char *argument = bytes + strlen(bytes) + 1;
    if (strcmp(bytes, "version") == 0) wire_reply(conversation, NULL, 0, "ok", PROTOCOL, NULL);
    else if (strcmp(bytes, "sandbox") == 0 && argument < bytes + got) start_supervisor(listener, conversation, argument);
    else if (strcmp(bytes, "quit") == 0) return false;
    else wire_error(conversation, "INVALID", "unknown request");
    return true;
}

static _Noreturn void serve_all(int listener) {
    struct pollfd wait = {.fd = listener, .events = POLLIN};
    for (bool more = true; more;) {
        int ready = poll(&wait, 1, spare_wanted ? REST_MILLIS : -1);
        if (ready == 0) {
            /* When it cannot be made now, the next pod makes its own, and says why it cannot. */
            if (spare < 0) make_spare(listener);
            spare_wanted = false;
        }
        if (ready <= 0) continue;
        int conversation = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (conversation < 0) continue;
        more = serve(listener, conversation);
        close(conversation);
    }
    unlink("launcher.sock");
    _exit(0);
}

/* One that is about to end is not listening any more, and still has the lock: it is waited for. */
static bool another_serves(void) {
    for (int attempt = 0; attempt < LOCK_ATTEMPTS && flock(own_lock, LOCK_EX | LOCK_NB) < 0; attempt++) {
        if (wire_answers("launcher.sock")) return true;
        usleep(LOCK_PAUSE_MICROS);
    }
    return flock(own_lock, LOCK_EX | LOCK_NB) < 0;
}

int launcher_main(int argc, char **argv) {
    if (chdir(argv[0]) < 0) return complain("enter", argv[0]);
    own_lock = open("launcher.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (own_lock < 0) return complain("open", "launcher.lock");
    if (another_serves()) return 0;
    if (join_cgroups(argc - 1, argv + 1) != 0) return 1;
    int listener = wire_listen("launcher.sock");
    if (listener < 0) return complain("listen on", "launcher.sock");
    pid_t child = fork();
    if (child < 0) return complain("fork", "launcher");
    if (child > 0) _exit(0);
    setsid();
    settle();
    serve_all(listener);
}
