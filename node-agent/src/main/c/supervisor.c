#include "supervisor.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

static void conversation_close(struct conversation *conversation) {
    struct conversation **link = &self.conversations;
    while (*link && *link != conversation) link = &(*link)->next;
    if (*link) *link = conversation->next;
    streams_detach(conversation);
    exec_abandon(conversation);
    for (struct container *c = self.containers; c; c = c->next) {
        if (c->starter == conversation) c->starter = NULL;
    }
    if (self.ender == conversation) self.ender = NULL;
    watch_stop(&conversation->watch);
    free(conversation);
}

static void answer(struct conversation *conversation, const char *bytes, size_t length) {
    int fd = conversation->watch.fd;
    const char *end = bytes + length;
    const char *arguments[4] = {"", "", "", ""};
    const char *at = bytes + strlen(bytes) + 1;
    for (int i = 0; i < 4 && at < end; i++, at += strlen(at) + 1) arguments[i] = at;
    const char *name = arguments[0];

    if (strcmp(bytes, "prepare") == 0) container_prepare(name);
    else if (strcmp(bytes, "start") == 0) container_start(conversation, name);
    else if (strcmp(bytes, "signal") == 0) {
        container_signal(conversation, name, atoi(arguments[1]), strcmp(arguments[2], "all") == 0);
    } else if (strcmp(bytes, "exec") == 0) {
        const char *request = name + strlen(name) + 1;
        exec_start(conversation, name, request, request < end ? (size_t)(end - request) : 0);
    } else if (strcmp(bytes, "attach") == 0) streams_attach(conversation, name, arguments[1]);
    else if (strcmp(bytes, "close-input") == 0) streams_close_input(conversation, name);
    else if (strcmp(bytes, "resize") == 0) {
        struct container *container = container_find(name);
        if (container && container->terminal >= 0) {
            terminal_resize(container->terminal, atoi(arguments[1]), atoi(arguments[2]));
        }
    } else if (strcmp(bytes, "port") == 0) port_connect(conversation, atoi(name));
    else if (strcmp(bytes, "forget") == 0) container_forget(conversation, name);
    else if (strcmp(bytes, "watch") == 0) {
        conversation->events = true;
        wire_reply(fd, NULL, 0, "ok", NULL);
    } else if (strcmp(bytes, "end") == 0) {
        self.ending = true;
        self.ender = conversation;
        containers_kill();
    } else wire_error(fd, "INVALID", "unknown request");
}

static void conversation_ready(struct watch *watch, uint32_t events) {
    static char bytes[MESSAGE_MAX + 1];
    struct conversation *conversation = watch->owner;
    int fds[MESSAGE_FDS], count;
    (void)events;
    ssize_t got = wire_receive(watch->fd, bytes, MESSAGE_MAX, fds, &count);
    for (int i = 0; i < count; i++) close(fds[i]);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        if (got < 0 && errno == EMSGSIZE) wire_error(watch->fd, "INVALID", "the request is too long");
        conversation_close(conversation);
        return;
    }
    bytes[got] = '\0';
    answer(conversation, bytes, (size_t)got);
}

static struct conversation *converse(int fd) {
    struct conversation *conversation = calloc(1, sizeof *conversation);
    if (!conversation) {
        close(fd);
        return NULL;
    }
    conversation->watch = (struct watch){.fd = fd, .ready = conversation_ready, .owner = conversation};
    conversation->next = self.conversations;
    self.conversations = conversation;
    watch_start(&conversation->watch, EPOLLIN);
    return conversation;
}

static void listener_ready(struct watch *watch, uint32_t events) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    (void)events;
    int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 || peer.uid != geteuid()) close(fd);
    else converse(fd);
}

static void reap_all(void) {
    int wait_status;
    pid_t pid;
    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
        if (!container_reaped(pid, wait_status) && !exec_reaped(pid, wait_status)) keep_exit(pid, wait_status);
    }
}

static void signals_ready(struct watch *watch, uint32_t events) {
    struct signalfd_siginfo info;
    (void)events;
    while (read(watch->fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGTERM) {
            self.ending = true;
            containers_kill();
        }
    }
    reap_all();
}

static int watch_signals(void) {
    sigset_t set;
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    self.signals = (struct watch){.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), .ready = signals_ready};
    return watch_start(&self.signals, EPOLLIN);
}

/* What the agent needs to find this pod again: who we are, and which descriptors are its namespaces. */
static int record_state(char *text, size_t size) {
    const struct pod *pod = &self.pod;
    snprintf(text, size, "pid=%d\nticks=%llu\nnet=%d\nuser=%d\nipc=%d\nuts=%d\npidns=%d\ncreated=%lld\n",
             getpid(), start_ticks(getpid()), pod->net, pod->user, pod->ipc, pod->uts, pod->pid, (long long)now_nanos());
    return create_file(self.pod.directory, "state", text);
}

static _Noreturn void give_up(int conversation, const char *message) {
    wire_error(conversation, "INTERNAL", message);
    _exit(1);
}

static void end_if_asked(void) {
    if (!self.ending || !containers_gone()) return;
    unlinkat(self.pod.directory, "sock", 0);
    if (self.pod.holder > 0) kill(self.pod.holder, SIGKILL);
    if (self.ender) wire_reply(self.ender->watch.fd, NULL, 0, "ok", NULL);
    _exit(0);
}

static _Noreturn void loop(void) {
    struct epoll_event event;
    for (;;) {
        /* One event at a time: handling one may free what another belongs to. */
        if (epoll_wait(self.epoll, &event, 1, -1) == 1) {
            struct watch *watch = event.data.ptr;
            watch->ready(watch, event.events);
        }
        end_if_asked();
    }
}

/* What no pod is needed for. */
static bool equip(const char *name) {
    setsid();
    prctl(PR_SET_NAME, name);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    self.epoll = epoll_create1(EPOLL_CLOEXEC);
    self.host_net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    return self.epoll >= 0 && self.host_net >= 0 && watch_signals() == 0;
}

static _Noreturn void supervise(int directory, int conversation, struct holder *holder) {
    char error[1100] = "", state[320];
    struct spec spec;
    self.pod = (struct pod){.directory = directory, .user = -1, .net = -1, .ipc = -1, .uts = -1, .pid = -1, .shm = -1};
    if (spec_load(&spec, directory, "spec") < 0) give_up(conversation, "the pod's spec cannot be read");
    if (pod_create(&self.pod, &spec, holder, error, sizeof error) < 0) give_up(conversation, error);
    if (fchdir(directory) < 0) give_up(conversation, error_text(errno));
    self.listener = (struct watch){.fd = wire_listen("sock"), .ready = listener_ready};
    if (self.listener.fd < 0 || watch_start(&self.listener, EPOLLIN) < 0 || record_state(state, sizeof state) < 0) {
        give_up(conversation, error_text(errno));
    }
    wire_reply(conversation, NULL, 0, "ok", state, NULL);
    fcntl(conversation, F_SETFL, O_NONBLOCK);
    struct conversation *agent = converse(conversation);
    if (agent) agent->events = true;
    loop();
}

_Noreturn void supervisor_main(int directory, int conversation) {
    struct holder none = {.pid = -1};
    if (!equip("keelson-pod")) give_up(conversation, error_text(errno));
    supervise(directory, conversation, &none);
}

/* Meanwhile buries the process in its namespaces, should that die. */
static void await_pod(int channel) {
    struct pollfd waits[] = {{.fd = channel, .events = POLLIN}, {.fd = self.signals.fd, .events = POLLIN}};
    struct signalfd_siginfo info;
    while (poll(waits, 2, -1) < 0 || !waits[0].revents) {
        while (read(self.signals.fd, &info, sizeof info) == sizeof info) continue;
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    }
}

_Noreturn void supervisor_spare(int channel) {
    char word[4];
    int fds[MESSAGE_FDS], count = 0;
    struct holder holder;
    /* Without namespaces it is a spare all the same: the pod's are made when it is known, and then say what is wrong. */
    if (!equip("keelson-spare")) _exit(1);
    holder_start(&holder, NAMESPACES_PRIVATE);
    await_pod(channel);
    if (wire_receive(channel, word, sizeof word, fds, &count) <= 0 || count != 3) _exit(0);
    close(channel);
    prctl(PR_SET_NAME, "keelson-pod");
    /* The second is the pod's lock: it is held as long as this process lives. */
    supervise(fds[0], fds[2], &holder);
}
