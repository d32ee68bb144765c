#include "supervisor.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* The container's record: read by the agent at any time, also when this process is gone. */
void container_record(struct container *container) {
    char text[2048];
    const char *state = container->phase == RUNNING ? "running" : "exited";
    bool cannot_run = container->failure[0] != '\0';
    bool oom = container->phase == EXITED && container->wait_status != 0 && cgroup_oom_killed(&container->spec);
    snprintf(text, sizeof text,
             "state=%s\npid=%d\nticks=%llu\nstarted=%lld\nfinished=%lld\ncode=%d\nsignal=%d\noom=%d\nfailure=%s\n", state,
             container->pid, container->ticks, (long long)container->started, (long long)container->finished,
             cannot_run ? 128 : exit_code(container->wait_status),
             !cannot_run && WIFSIGNALED(container->wait_status) ? WTERMSIG(container->wait_status) : 0, oom,
             container->failure);
    /* A full disk must not lose an exit code: the agent asks this process when the file does not say so. */
    if (replace_file(container->directory, "status", text) < 0) unlinkat(container->directory, "status", 0);
}

static void reply_started(struct container *container) {
    char pid[16];
    struct conversation *starter = container->starter;
    container->starter = NULL;
    if (!starter) return;
    if (container->failure[0]) {
        wire_error(starter->watch.fd, "INVALID", container->failure);
        return;
    }
    snprintf(pid, sizeof pid, "%d", container->pid);
    wire_reply(starter->watch.fd, NULL, 0, "ok", pid, NULL);
}

static bool joins_another(const struct container *container) {
    return *spec_get(&container->spec, "processes.of", "") != '\0';
}

static void container_finish(struct container *container) {
    container->phase = EXITED;
    container->finished = now_nanos();
    streams_drain(container);
    if (oci_asked(&container->spec)) oci_delete(&container->spec);
    /* With a process namespace of its own nothing is left; where it is shared, the rest must go too. */
    if (self.pod.host_pid || self.pod.pid >= 0 || joins_another(container)) cgroup_kill(&container->spec);
    container_record(container);
    if (container->pidfd >= 0) close(container->pidfd);
    container->pidfd = -1;
    streams_end(container);
    announce("exit", container);
}

/* The text may quote what the pod's author wrote; the status file has one value on a line. */
static void keep_failure(struct container *container, const char *text) {
    snprintf(container->failure, sizeof container->failure, "%s", text);
    for (char *at = container->failure; *at; at++) {
        if ((unsigned char)*at < ' ') *at = '?';
    }
}

/* The report channel has closed: the program runs, or it never will. */
static void container_settled(struct container *container) {
    int wait_status;
    watch_stop(&container->report);
    if (!container->ready && !container->failure[0]) {
        snprintf(container->failure, sizeof container->failure,
                 "the container's process died while it was set up (is its memory or pids limit too low?)");
    }
    if (!container->released) return;
    if (container->failure[0]) {
        if (container->pid > 0) sys_pidfd_signal(container->pidfd, SIGKILL);
        container->wait_status = 128 << 8;
        container_finish(container);
        reply_started(container);
        return;
    }
    container->phase = RUNNING;
    container->started = now_nanos();
    container->ticks = start_ticks(container->pid);
    container_record(container);
    reply_started(container);
    announce("start", container);
    if (claim_exit(container->pid, &wait_status)) container_reaped(container->pid, wait_status);
}

static void report_ready(struct watch *watch, uint32_t events) {
    struct container *container = watch->owner;
    struct report report;
    int fds[MESSAGE_FDS], count;
    (void)events;
    ssize_t got = wire_receive(watch->fd, &report, sizeof report, fds, &count);
    /* It ended without having read our word; what it said before comes next. */
    if (got < 0 && (errno == EAGAIN || errno == ECONNRESET)) return;
    if (got <= 0) {
        container_settled(container);
        return;
    }
    report.text[sizeof report.text - 1] = '\0';
    if (report.kind == REPORT_PID) {
        container->pid = report.value;
        container->pidfd = sys_pidfd_open(container->pid);
    } else if (report.kind == REPORT_READY) container->ready = true;
    else if (report.kind == REPORT_ERROR) keep_failure(container, report.text);
    else if (report.kind == REPORT_TTY && count == 1) {
        container->terminal = fds[0];
        count = 0;
        streams_listen(container);
    }
    for (int i = 0; i < count; i++) close(fds[i]);
}

static void container_free(struct container *container) {
    watch_stop(&container->report);
    watch_stop(&container->out.watch);
    watch_stop(&container->err.watch);
    log_close(&container->log);
    if (container->pidfd >= 0) close(container->pidfd);
    if (container->directory >= 0) close(container->directory);
    spec_free(&container->spec);
    free(container);
}

static struct container *container_open(const char *name, char *error, size_t size) {
    char path[PATH_MAX];
    struct container *container = calloc(1, sizeof *container);
    if (!container) return NULL;
    snprintf(container->name, sizeof container->name, "%s", name);
    container->report.fd = container->out.watch.fd = container->err.watch.fd = -1;
    container->pidfd = container->input = container->terminal = container->log.fd = -1;
    snprintf(path, sizeof path, "c/%s", name);
    container->directory = openat(self.pod.directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (container->directory < 0 || spec_load(&container->spec, container->directory, "spec") < 0) {
        snprintf(error, size, "cannot read the container's spec: %s", error_text(errno));
    } else if (log_open(&container->log, &container->spec) < 0) {
        snprintf(error, size, "cannot open log file \"%s\": %s", container->log.path, error_text(errno));
    } else return container;
    container_free(container);
    return NULL;
}

static int container_launch(struct container *container) {
    int channel[2], stdio[3];
    struct container *target = container_find(spec_get(&container->spec, "processes.of", ""));
    if (joins_another(container) && (!target || target->phase != RUNNING)) {
        errno = ESRCH;
        return -1;
    }
    if (streams_open(container, stdio) < 0) return -1;
    if (report_pair(channel) < 0) return -1;
    container->phase = STARTING;
    bool foreign = oci_asked(&container->spec);
    container->stage1 = foreign ? fork() : cgroup_fork(&container->spec);
    if (container->stage1 == 0) {
        close(channel[0]);
        struct start start = {.pod = &self.pod,
                              .spec = &container->spec,
                              .process = &container->spec,
                              .container_directory = container->directory,
                              .report = channel[1],
                              .stdio = {stdio[0], stdio[1], stdio[2]},
                              .target_pidfd = target ? target->pidfd : -1,
                              .held = true};
        if (foreign) oci_create(&start);
        stage1_container(&start);
    }
    close(channel[1]);
    for (int i = 0; i < 3; i++) {
        if (stdio[i] >= 0) close(stdio[i]);
    }
    container->report = (struct watch){.fd = channel[0], .ready = report_ready, .owner = container};
    watch_start(&container->report, EPOLLIN);
    return container->stage1 < 0 ? -1 : 0;
}

static void container_begin(struct container *container) {
    container->next = self.containers;
    self.containers = container;
    if (container_launch(container) == 0) return;
    bool no_target = errno == ESRCH;
    snprintf(container->failure, sizeof container->failure, "cannot fork: %s",
             no_target ? "the target container has ended" : error_text(errno));
}

static bool is_name(const char *name) {
    return name[0] && name[0] != '.' && !strchr(name, '/');
}

void container_prepare(const char *name) {
    char error[PATH_MAX + 128];
    if (self.ending || !is_name(name) || container_find(name)) return;
    struct container *container = container_open(name, error, sizeof error);
    if (!container) return;
    /* Another runtime's container is made and started in one; a target may come to run, or end, before the start. */
    if (oci_asked(&container->spec) || joins_another(container)) container_free(container);
    else container_begin(container);
}

/* A container that has failed, or died, while it was prepared has nobody left who would hear the word. */
static void container_release(struct container *container) {
    container->released = true;
    if (container->report.fd < 0) container_settled(container);
    else if (!oci_asked(&container->spec)) wire_send(container->report.fd, "g", 1, NULL, 0);
}

void container_start(struct conversation *conversation, const char *name) {
    char error[PATH_MAX + 128] = "out of memory";
    struct container *container = container_find(name);
    if (!is_name(name)) {
        wire_error(conversation->watch.fd, "INVALID", "not a container's name");
        return;
    }
    if (!container) {
        container = self.ending ? NULL : container_open(name, error, sizeof error);
        if (!container) {
            wire_error(conversation->watch.fd, "TRANSIENT", self.ending ? "the sandbox is being stopped" : error);
            return;
        }
        container_begin(container);
    }
    container->starter = conversation;
    if (!container->released) container_release(container);
    else if (container->phase != STARTING) reply_started(container);
}

void container_signal(struct conversation *conversation, const char *name, int signal, bool all) {
    struct container *container = container_find(name);
    if (container && container->phase != EXITED && container->pidfd >= 0) {
        if (oci_asked(&container->spec) && !all) oci_signal(&container->spec, signal);
        else sys_pidfd_signal(container->pidfd, signal);
        if (all) cgroup_kill(&container->spec);
    }
    wire_reply(conversation->watch.fd, NULL, 0, container ? "ok" : "gone", NULL);
}

bool container_reaped(pid_t pid, int wait_status) {
    for (struct container *c = self.containers; c; c = c->next) {
        if (c->stage1 == pid) {
            c->stage1 = 0;
            return true;
        }
        if (c->pid != pid || c->phase == EXITED) continue;
        /* What it reported before it died is still in the channel, and says why. */
        if (c->phase == STARTING) return false;
        c->wait_status = wait_status;
        container_finish(c);
        return true;
    }
    return false;
}

/* Whether it has a process that others have been told of. */
static bool under_way(const struct container *container) {
    return container->released && container->phase != EXITED;
}

void container_forget(struct conversation *conversation, const char *name) {
    struct container **link = &self.containers;
    while (*link && strcmp((*link)->name, name) != 0) link = &(*link)->next;
    struct container *container = *link;
    if (container && under_way(container)) {
        wire_error(conversation->watch.fd, "CONFLICT", "the container is running");
        return;
    }
    if (container) {
        *link = container->next;
        /* One that is only prepared may have no pid yet; then it ends by the end of its channel. */
        if (!container->released) sys_pidfd_signal(container->pidfd, SIGKILL);
        streams_end(container);
        container_free(container);
    }
    wire_reply(conversation->watch.fd, NULL, 0, "ok", NULL);
}

void containers_kill(void) {
    for (struct container *c = self.containers; c; c = c->next) {
        if (c->phase == RUNNING || !c->released) sys_pidfd_signal(c->pidfd, SIGKILL);
    }
}

bool containers_gone(void) {
    for (struct container *c = self.containers; c; c = c->next) {
        if (under_way(c)) {
            /* It was starting when the end was asked for. */
            if (c->phase == RUNNING) sys_pidfd_signal(c->pidfd, SIGKILL);
            return false;
        }
    }
    return true;
}
