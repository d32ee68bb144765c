/*
 * keelson-supervisor: keeps the roles of one data directory running.
 *
 * Usage: keelson-supervisor RUN_DIR
 *
 * RUN_DIR/roles lists what runs, one "key value" per line, each role beginning with "role NAME":
 *   role NAME | uid N | gid N | dir PATH | log PATH | stop SIGNAL-NUMBER | grace MS | held YES
 *   env NAME=VALUE | arg WORD
 * A role that has not ended "grace" after its stop signal is killed. A held role does not run before it is asked
 * for with "start NAME".
 *
 * A role that ends is started again after a delay that doubles from 100 ms to 10 s and starts afresh after
 * 30 s of running. RUN_DIR/NAME.pid holds "pid starttime boot-id", so a new supervisor adopts roles that outlived
 * the old one: killing the supervisor stops nothing. After a reboot the file speaks of nobody.
 *
 * RUN_DIR/supervisor.sock answers one request per connection:
 *   status   one line per role: NAME PID STATE RESTARTS
 *   stop     stops all roles, last one first, then the supervisor itself; answers when done
 *   stop NAME / start NAME   one role
 *
 * Exit codes: 0 stopped as asked, 1 usage or set-up error, 3 another supervisor holds RUN_DIR.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROLES 8
#define MAX_WORDS 128
#define FIRST_DELAY_MS 100
#define LAST_DELAY_MS 10000
#define SETTLED_MS 30000
#define STOP_GRACE_MS 15000
#define LOG_LIMIT (32L * 1024 * 1024)

struct role {
    char name[32];
    uid_t uid;
    gid_t gid;
    int stop_signal, grace_ms;
    char *dir, *log;
    char *args[MAX_WORDS], *env[MAX_WORDS];
    int argc, envc;
    pid_t pid;        /* 0 while not running */
    int pidfd;        /* readable when an adopted (or own) process has ended */
    int wanted;
    int restarts;
    int delay_ms;
    long long started_at, start_again_at;
};

static struct role roles[MAX_ROLES];
static int role_count;
static const char *run_dir;

static long long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void say(const char *format, ...) {
    char stamp[40];
    struct timespec t;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    fprintf(stderr, "%s.%03ldZ ", stamp, t.tv_nsec / 1000000);
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
}

static char *in_run_dir(char *buffer, size_t size, const char *name, const char *suffix) {
    snprintf(buffer, size, "%s/%s%s", run_dir, name, suffix);
    return buffer;
}

/* Field 22 of /proc/PID/stat; 0 when there is no such process. A pid alone may have been given to another. */
static unsigned long long start_time_of(pid_t pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    char *p = strrchr(text, ')'); /* the command's name may hold spaces and parentheses */
    if (!p || p[1] != ' ' || p[2] == 'Z') return 0;
    p += 2;
    for (int field = 3; field < 22 && p; field++) {
        p = strchr(p, ' ');
        if (p) p++;
    }
    return p ? strtoull(p, NULL, 10) : 0;
}

/* Which boot of the machine this is, as a line without its end; empty when the kernel does not say. */
static void this_boot(char *id, size_t size) {
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    id[0] = 0;
    if (!file) return;
    if (fgets(id, (int)size, file)) id[strcspn(id, "\n")] = 0;
    fclose(file);
}

static void write_pid_file(struct role *role) {
    char path[4096], temporary[4096], boot[64];
    this_boot(boot, sizeof boot);
    in_run_dir(path, sizeof path, role->name, ".pid");
    in_run_dir(temporary, sizeof temporary, role->name, ".pid.new");
    FILE *file = fopen(temporary, "we");
    if (!file) {
        say("role=%s cannot write %s: %s", role->name, temporary, strerror(errno));
        return;
    }
    fprintf(file, "%d %llu %s\n", (int)role->pid, start_time_of(role->pid), boot);
    fclose(file);
    rename(temporary, path);
}

static void forget_process(struct role *role) {
    char path[4096];
    unlink(in_run_dir(path, sizeof path, role->name, ".pid"));
    if (role->pidfd >= 0) close(role->pidfd);
    role->pidfd = -1;
    role->pid = 0;
}

static void watch_process(struct role *role, pid_t pid) {
    role->pid = pid;
    role->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (role->pidfd >= 0) fcntl(role->pidfd, F_SETFD, FD_CLOEXEC);
    role->started_at = now_ms();
}

static int adopt(struct role *role) {
    char path[4096], boot[64] = "", now[64];
    int pid;
    unsigned long long start;
    FILE *file = fopen(in_run_dir(path, sizeof path, role->name, ".pid"), "re");
    if (!file) return 0;
    int fields = fscanf(file, "%d %llu %63s", &pid, &start, boot);
    fclose(file);
    this_boot(now, sizeof now);
    /* Start times count from the boot: early ones repeat. */
    if (fields < 2 || (fields == 3 && strcmp(boot, now) != 0)) return 0;
    if (start == 0 || start_time_of(pid) != start) return 0;
    watch_process(role, pid);
    role->wanted = 1;
    say("role=%s adopted pid=%d", role->name, pid);
    return 1;
}

/* Keeps one old log per role. The running process appends, so truncating in place is safe for it. */
static void bound_log(struct role *role) {
    struct stat info;
    char old[4096], chunk[65536];
    if (!role->log || stat(role->log, &info) != 0 || info.st_size < LOG_LIMIT) return;
    snprintf(old, sizeof old, "%s.1", role->log);
    int from = open(role->log, O_RDWR | O_CLOEXEC), to = open(old, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (from >= 0 && to >= 0) {
        ssize_t n;
        while ((n = read(from, chunk, sizeof chunk)) > 0)
            if (write(to, chunk, n) != n) break;
        if (ftruncate(from, 0) != 0) say("role=%s cannot truncate %s: %s", role->name, role->log, strerror(errno));
    }
    if (from >= 0) close(from);
    if (to >= 0) close(to);
}

static void become(struct role *role) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    int log = role->log ? open(role->log, O_WRONLY | O_CREAT | O_APPEND, 0640) : -1;
    int in = open("/dev/null", O_RDONLY);
    if (in >= 0) dup2(in, 0);
    if (log >= 0) {
        dup2(log, 1);
        dup2(log, 2);
    }
    syscall(SYS_close_range, 3, ~0U, 0);
    if (role->dir && chdir(role->dir) != 0) say("role=%s cannot enter %s: %s", role->name, role->dir, strerror(errno));
    if (role->uid != 0) {
        if (setgroups(1, &role->gid) || setgid(role->gid) || setuid(role->uid)) {
            say("role=%s cannot become uid %d: %s", role->name, (int)role->uid, strerror(errno));
            _exit(126);
        }
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }
    execvpe(role->args[0], role->args, role->env);
    say("role=%s cannot run %s: %s", role->name, role->args[0], strerror(errno));
    _exit(127);
}

static void start(struct role *role) {
    bound_log(role);
    pid_t pid = fork();
    if (pid == 0) become(role);
    if (pid < 0) {
        say("role=%s cannot fork: %s", role->name, strerror(errno));
        role->start_again_at = now_ms() + LAST_DELAY_MS;
        return;
    }
    watch_process(role, pid);
    write_pid_file(role);
    role->start_again_at = 0;
    say("role=%s started pid=%d", role->name, (int)pid);
}

static void ended(struct role *role, int known, int status) {
    long long ran = now_ms() - role->started_at;
    if (!known) say("role=%s pid=%d ended after %lld ms", role->name, (int)role->pid, ran);
    else if (WIFSIGNALED(status))
        say("role=%s pid=%d killed by signal %d after %lld ms", role->name, (int)role->pid, WTERMSIG(status), ran);
    else say("role=%s pid=%d exited with code %d after %lld ms", role->name, (int)role->pid, WEXITSTATUS(status), ran);
    forget_process(role);
    if (!role->wanted) return;
    if (ran >= SETTLED_MS || role->delay_ms == 0) role->delay_ms = FIRST_DELAY_MS;
    role->start_again_at = now_ms() + role->delay_ms;
    role->delay_ms = role->delay_ms * 2 > LAST_DELAY_MS ? LAST_DELAY_MS : role->delay_ms * 2;
    role->restarts++;
}

static void reap(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < role_count; i++)
            if (roles[i].pid == pid) ended(&roles[i], 1, status);
    for (int i = 0; i < role_count; i++)
        if (roles[i].pid && start_time_of(roles[i].pid) == 0) ended(&roles[i], 0, 0);
}

static void stop(struct role *role) {
    role->wanted = 0;
    role->start_again_at = 0;
    if (!role->pid) return;
    say("role=%s stopping pid=%d", role->name, (int)role->pid);
    kill(role->pid, role->stop_signal);
    long long deadline = now_ms() + role->grace_ms;
    while (role->pid) {
        long long left = deadline - now_ms();
        if (left <= 0) {
            say("role=%s did not stop within %d ms: killed", role->name, role->grace_ms);
            kill(role->pid, SIGKILL);
            deadline = now_ms() + role->grace_ms;
            continue;
        }
        struct pollfd ready = {.fd = role->pidfd, .events = POLLIN};
        poll(&ready, role->pidfd >= 0 ? 1 : 0, left > 100 ? 100 : (int)left);
        reap();
    }
}

static void stop_all(void) {
    for (int i = role_count - 1; i >= 0; i--) stop(&roles[i]);
}

static void describe(int client) {
    char line[256];
    for (int i = 0; i < role_count; i++) {
        struct role *role = &roles[i];
        const char *state = role->pid ? "running" : role->wanted ? "restarting" : "stopped";
        int n = snprintf(line, sizeof line, "%s %d %s %d\n", role->name, (int)role->pid, state, role->restarts);
        if (write(client, line, n) != n) return;
    }
}

/* Answers one control request; returns 1 when the supervisor itself is to end. */
static int answer(int client) {
    char request[128];
    struct timeval patience = {.tv_sec = 2};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ssize_t n = read(client, request, sizeof request - 1);
    if (n <= 0) return 0;
    request[n] = 0;
    request[strcspn(request, "\n")] = 0;
    if (strcmp(request, "status") == 0) {
        describe(client);
        return 0;
    }
    if (strcmp(request, "stop") == 0) {
        stop_all();
        (void)!write(client, "stopped\n", 8);
        return 1;
    }
    for (int i = 0; i < role_count; i++) {
        struct role *role = &roles[i];
        if (strncmp(request, "stop ", 5) == 0 && strcmp(request + 5, role->name) == 0) {
            stop(role);
            describe(client);
            return 0;
        }
        if (strncmp(request, "start ", 6) == 0 && strcmp(request + 6, role->name) == 0) {
            role->wanted = 1;
            if (!role->pid) start(role);
            describe(client);
            return 0;
        }
    }
    dprintf(client, "unknown request \"%s\": say status, stop, stop NAME or start NAME\n", request);
    return 0;
}

static void read_roles(void) {
    char path[4096], *line = NULL;
    size_t size = 0;
    ssize_t n;
    FILE *file = fopen(in_run_dir(path, sizeof path, "roles", ""), "re");
    if (!file) {
        say("cannot read %s: %s", path, strerror(errno));
        exit(1);
    }
    struct role *role = NULL;
    while ((n = getline(&line, &size, file)) > 0) {
        if (line[n - 1] == '\n') line[--n] = 0;
        char *value = strchr(line, ' ');
        if (!value) continue;
        *value++ = 0;
        if (strcmp(line, "role") == 0) {
            if (role_count == MAX_ROLES) exit(1);
            role = &roles[role_count++];
            snprintf(role->name, sizeof role->name, "%s", value);
            role->stop_signal = SIGTERM;
            role->grace_ms = STOP_GRACE_MS;
            role->pidfd = -1;
            role->wanted = 1;
        } else if (!role) {
            say("%s: \"%s\" stands before the first role", path, line);
            exit(1);
        } else if (strcmp(line, "uid") == 0) role->uid = atoi(value);
        else if (strcmp(line, "gid") == 0) role->gid = atoi(value);
        else if (strcmp(line, "stop") == 0) role->stop_signal = atoi(value);
        else if (strcmp(line, "grace") == 0) role->grace_ms = atoi(value);
        else if (strcmp(line, "held") == 0) role->wanted = 0;
        else if (strcmp(line, "dir") == 0) role->dir = strdup(value);
        else if (strcmp(line, "log") == 0) role->log = strdup(value);
        else if (strcmp(line, "arg") == 0 && role->argc < MAX_WORDS - 1) role->args[role->argc++] = strdup(value);
        else if (strcmp(line, "env") == 0 && role->envc < MAX_WORDS - 1) role->env[role->envc++] = strdup(value);
        else {
            say("%s: unknown key \"%s\" in role %s", path, line, role->name);
            exit(1);
        }
    }
    free(line);
    fclose(file);
    for (int i = 0; i < role_count; i++)
        if (roles[i].argc == 0) {
            say("%s: role %s has no arg lines, so there is nothing to run", path, roles[i].name);
            exit(1);
        }
}

static int listen_for_requests(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (chdir(run_dir) != 0) exit(1); /* the relative name keeps within sun_path's 108 bytes */
    snprintf(address.sun_path, sizeof address.sun_path, "supervisor.sock");
    unlink(address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t before = umask(077);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0) {
        say("cannot listen on %s/supervisor.sock: %s", run_dir, strerror(errno));
        exit(1);
    }
    umask(before);
    return fd;
}

static void daemonize(void) {
    pid_t pid = fork();
    if (pid < 0) exit(1);
    if (pid > 0) _exit(0);
    setsid();
    char path[4096];
    int log = open(in_run_dir(path, sizeof path, "../logs/supervisor", ".log"), O_WRONLY | O_CREAT | O_APPEND, 0640);
    int in = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(in, 0);
    dup2(log >= 0 ? log : in, 1);
    dup2(log >= 0 ? log : in, 2);
    if (log > 2) close(log);
}

static int next_timeout(void) {
    long long soonest = now_ms() + 60000;
    for (int i = 0; i < role_count; i++)
        if (roles[i].start_again_at && roles[i].start_again_at < soonest) soonest = roles[i].start_again_at;
    long long wait = soonest - now_ms();
    return wait < 0 ? 0 : (int)wait;
}

static void run(int requests, int signals) {
    for (;;) {
        struct pollfd ready[2 + MAX_ROLES] = {{.fd = requests, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        for (int i = 0; i < role_count; i++)
            ready[2 + i] = (struct pollfd){.fd = roles[i].pidfd, .events = POLLIN}; /* -1 is ignored */
        poll(ready, 2 + role_count, next_timeout());
        struct signalfd_siginfo info;
        while (read(signals, &info, sizeof info) == sizeof info)
            if (info.ssi_signo != SIGCHLD) {
                say("signal %d: stopping", (int)info.ssi_signo);
                stop_all();
                return;
            }
        reap();
        for (int i = 0; i < role_count; i++) {
            struct role *role = &roles[i];
            if (role->start_again_at && role->start_again_at <= now_ms()) start(role);
            bound_log(role);
        }
        if (ready[0].revents & POLLIN) {
            int client = accept4(requests, NULL, NULL, SOCK_CLOEXEC);
            if (client < 0) continue;
            int done = answer(client);
            close(client);
            if (done) return;
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: keelson-supervisor RUN_DIR\n");
        return 1;
    }
    char path[4096];
    run_dir = realpath(argv[1], NULL);
    if (!run_dir) {
        fprintf(stderr, "keelson-supervisor: %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    int lock = open(in_run_dir(path, sizeof path, "supervisor.lock", ""), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        fprintf(stderr, "keelson-supervisor: %s is held by another supervisor\n", run_dir);
        return 3;
    }
    read_roles();
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    sigprocmask(SIG_BLOCK, &handled, NULL);
    signal(SIGPIPE, SIG_IGN);
    int requests = listen_for_requests();
    daemonize();
    int signals = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
    for (int i = 0; i < role_count; i++)
        if (!adopt(&roles[i]) && roles[i].wanted) start(&roles[i]);
    run(requests, signals);
    unlink("supervisor.sock");
    say("stopped");
    return 0;
}
