/* The supervisor's own state; one thread, one epoll loop. */
#ifndef KEELSON_SUPERVISOR_H
#define KEELSON_SUPERVISOR_H

#include "keelson.h"

struct watch {
    int fd;
    void (*ready)(struct watch *watch, uint32_t events);
    void *owner;
};

struct container;

/* A connection of the agent; it may ask for anything, one request after the other. */
struct conversation {
    struct watch watch;
    struct conversation *next;
    bool events;
};

struct stream {
    struct watch watch;
    struct line line;
};

/* A client of a running container's streams; -1 where it did not ask. */
struct attachment {
    struct attachment *next;
    struct conversation *conversation;
    int out, err;
    bool input;
};

enum phase { STARTING, RUNNING, EXITED };

struct container {
    struct container *next;
    char name[256];
    int directory;
    struct spec spec;
    enum phase phase;
    struct conversation *starter;
    struct watch report;
    /* Whether its start was asked for: until then it is prepared, and nobody is told how that went. */
    bool released;
    bool ready;
    char failure[1000];
    int failure_errno;
    pid_t stage1, pid;
    int pidfd;
    /* stdin: the end that clients write to; terminal: the master, which is stdin and stdout. */
    int input, terminal;
    struct stream out, err;
    struct log log;
    struct attachment *attachments;
    int64_t started, finished;
    unsigned long long ticks;
    int wait_status;
};

struct execution {
    struct execution *next;
    struct container *container;
    struct conversation *conversation;
    struct spec request;
    struct watch report;
    bool ready, failed;
    pid_t stage1, pid;
    int pidfd;
    int fds[3];
    bool reaped;
    int wait_status;
};

struct supervisor {
    struct pod pod;
    int epoll, host_net;
    struct watch listener, signals;
    struct conversation *conversations;
    struct container *containers;
    struct execution *executions;
    bool ending;
    struct conversation *ender;
};
extern struct supervisor self;

/* ---- state.c ---- */
int watch_start(struct watch *watch, uint32_t events);
void watch_stop(struct watch *watch);
struct container *container_find(const char *name);
/* Tells whoever asked for events. */
void announce(const char *event, const struct container *container);
/* The exit code of a wait status: the code, or 128 + signal. */
int exit_code(int wait_status);

/* ---- reaper.c ---- */
/* An exit of pid that was seen before anybody knew pid; false when there was none. */
bool claim_exit(pid_t pid, int *wait_status);
/* Nobody knows this pid, or not yet. */
void keep_exit(pid_t pid, int wait_status);

/* ---- container.c ---- */
/* Makes everything but the program run; what goes wrong is told when it is started. */
void container_prepare(const char *name);
void container_start(struct conversation *conversation, const char *name);
void container_signal(struct conversation *conversation, const char *name, int signal, bool all);
void container_forget(struct conversation *conversation, const char *name);
bool container_reaped(pid_t pid, int wait_status);
void container_record(struct container *container);
void containers_kill(void);
bool containers_gone(void);

/* ---- streams.c ---- */
int streams_open(struct container *container, int stdio[3]);
void streams_listen(struct container *container);
void streams_drain(struct container *container);
void streams_attach(struct conversation *conversation, const char *name, const char *wanted);
void streams_detach(struct conversation *conversation);
void streams_close_input(struct conversation *conversation, const char *name);
void streams_end(struct container *container);

/* ---- exec.c ---- */
void exec_start(struct conversation *conversation, const char *name, const char *bytes, size_t length);
bool exec_reaped(pid_t pid, int wait_status);
void exec_abandon(const struct conversation *conversation);

/* ---- port.c ---- */
void port_connect(struct conversation *conversation, int port);

#endif
