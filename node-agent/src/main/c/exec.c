/* Commands run in a container for a client. Their streams go to the client directly, not through here. */
#include "supervisor.h"
#include <sys/epoll.h>

static void close_all(int *fds) {
    for (int i = 0; i < 3; i++) {
        if (fds[i] >= 0) close(fds[i]);
        fds[i] = -1;
    }
}

static void exec_free(struct execution *execution) {
    struct execution **link = &self.executions;
    while (*link && *link != execution) link = &(*link)->next;
    if (*link) *link = execution->next;
    watch_stop(&execution->report);
    if (execution->pidfd >= 0) close(execution->pidfd);
    close_all(execution->fds);
    spec_free(&execution->request);
    free(execution);
}

static void exec_finish(struct execution *execution) {
    char code[16];
    if (oci_asked(&execution->container->spec)) oci_exec_forget(&execution->container->spec, execution->pid);
    snprintf(code, sizeof code, "%d", exit_code(execution->wait_status));
    if (execution->conversation) wire_reply(execution->conversation->watch.fd, NULL, 0, "exit", code, NULL);
    exec_free(execution);
}

static void kill_command(const struct execution *execution) {
    if (execution->pidfd < 0 || execution->reaped) return;
    const struct spec *spec = &execution->container->spec;
    if (oci_asked(spec) && oci_exec_kill(spec, execution->pid)) return;
    sys_pidfd_signal(execution->pidfd, SIGKILL);
}

/* The descriptors of the client: stdin, stdout, stderr as asked for, or the terminal's master alone. */
static void reply_running(struct execution *execution) {
    int fds[3], count = 0;
    char got[4] = "";
    for (int i = 0; i < 3; i++) {
        if (execution->fds[i] < 0) continue;
        got[count] = "ioe"[i];
        fds[count++] = execution->fds[i];
    }
    if (execution->conversation) wire_reply(execution->conversation->watch.fd, fds, count, "ok", got, NULL);
    close_all(execution->fds);
}

static void exec_settled(struct execution *execution) {
    watch_stop(&execution->report);
    if (!execution->ready || execution->failed) {
        if (!execution->failed && execution->conversation) {
            wire_error(execution->conversation->watch.fd, "TRANSIENT",
                       "the command's process died while it was set up (is the container's pids limit reached?)");
        }
        exec_free(execution);
        return;
    }
    reply_running(execution);
    if (!execution->conversation) kill_command(execution);
    if (execution->reaped || claim_exit(execution->pid, &execution->wait_status)) exec_finish(execution);
}

static void report_ready(struct watch *watch, uint32_t events) {
    struct execution *execution = watch->owner;
    struct report report;
    int fds[MESSAGE_FDS], count;
    (void)events;
    ssize_t got = wire_receive(watch->fd, &report, sizeof report, fds, &count);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        exec_settled(execution);
        return;
    }
    report.text[sizeof report.text - 1] = '\0';
    if (report.kind == REPORT_PID) {
        execution->pid = report.value;
        execution->pidfd = sys_pidfd_open(report.value);
    } else if (report.kind == REPORT_READY) execution->ready = true;
    else if (report.kind == REPORT_TTY && count == 1) {
        execution->fds[1] = fds[0];
        count = 0;
    } else if (report.kind == REPORT_ERROR) {
        execution->failed = true;
        if (execution->conversation) wire_error(execution->conversation->watch.fd, "INVALID", report.text);
    }
    for (int i = 0; i < count; i++) close(fds[i]);
}

/* Fills ours (the client's ends) and theirs; 0, or -1 with nothing left open. */
static int make_pipes(const struct spec *request, int *ours, int *theirs) {
    static const char *const KEYS[] = {"stdin", "stdout", "stderr"};
    for (int i = 0; i < 3; i++) ours[i] = theirs[i] = -1;
    if (spec_is(request, "tty")) return 0;
    for (int i = 0; i < 3; i++) {
        int ends[2];
        if (!spec_is(request, KEYS[i])) continue;
        if (pipe2(ends, O_CLOEXEC) < 0) {
            close_all(ours);
            close_all(theirs);
            return -1;
        }
        ours[i] = ends[i == 0];
        theirs[i] = ends[i != 0];
    }
    return 0;
}

static int exec_launch(struct execution *execution) {
    int channel[2], theirs[3];
    struct container *container = execution->container;
    if (make_pipes(&execution->request, execution->fds, theirs) < 0) return -1;
    if (report_pair(channel) < 0) {
        close_all(theirs);
        return -1;
    }
    bool foreign = oci_asked(&container->spec);
    execution->stage1 = foreign ? fork() : cgroup_fork(&container->spec);
    if (execution->stage1 == 0) {
        close(channel[0]);
        struct start start = {.pod = &self.pod,
                              .spec = &container->spec,
                              .process = &execution->request,
                              .container_directory = -1,
                              .report = channel[1],
                              .stdio = {theirs[0], theirs[1], theirs[2]},
                              .target_pidfd = container->pidfd};
        if (foreign) oci_exec(&start);
        stage1_exec(&start);
    }
    if (foreign && execution->stage1 > 0) {
        /* The runtime's own process stands for the command. */
        execution->pid = execution->stage1;
        execution->pidfd = sys_pidfd_open(execution->pid);
    }
    close(channel[1]);
    close_all(theirs);
    execution->report = (struct watch){.fd = channel[0], .ready = report_ready, .owner = execution};
    watch_start(&execution->report, EPOLLIN);
    int launched = execution->stage1 < 0 ? -1 : 0;
    if (foreign) execution->stage1 = 0;
    return launched;
}

void exec_start(struct conversation *conversation, const char *name, const char *bytes, size_t length) {
    struct container *container = container_find(name);
    if (!container || container->phase != RUNNING) {
        wire_error(conversation->watch.fd, "CONFLICT", "the container is not running");
        return;
    }
    struct execution *execution = calloc(1, sizeof *execution);
    if (!execution || spec_copy(&execution->request, bytes, length) < 0) {
        free(execution);
        wire_error(conversation->watch.fd, "TRANSIENT", "out of memory");
        return;
    }
    execution->container = container;
    execution->conversation = conversation;
    execution->report.fd = execution->pidfd = -1;
    execution->next = self.executions;
    self.executions = execution;
    if (exec_launch(execution) < 0) {
        wire_error(conversation->watch.fd, "TRANSIENT", error_text(errno));
        exec_free(execution);
    }
}

bool exec_reaped(pid_t pid, int wait_status) {
    for (struct execution *e = self.executions; e; e = e->next) {
        if (e->stage1 == pid) {
            e->stage1 = 0;
            return true;
        }
        if (e->pid != pid) continue;
        e->wait_status = wait_status;
        e->reaped = true;
        if (e->report.fd < 0) exec_finish(e);
        return true;
    }
    return false;
}

/* Whoever wanted the command has gone: it goes too. */
void exec_abandon(const struct conversation *conversation) {
    for (struct execution *e = self.executions; e; e = e->next) {
        if (e->conversation != conversation) continue;
        e->conversation = NULL;
        kill_command(e);
    }
}
