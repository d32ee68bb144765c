/* A container's standard streams: to its log always, to attached clients as long as they read. */
#include "supervisor.h"
#include <sys/epoll.h>
#include <sys/wait.h>

#define ATTACHED_PIPE_SIZE (1 << 20)

static char buffer[65536];

/* Input that is meant for one client ends with that client. */
static void end_input(struct container *container) {
    if (container->input < 0 || !spec_is(&container->spec, "stdin.once")) return;
    close(container->input);
    container->input = -1;
}

static void drop_attachment(struct attachment **link) {
    struct attachment *gone = *link;
    *link = gone->next;
    if (gone->out >= 0) close(gone->out);
    if (gone->err >= 0) close(gone->err);
    free(gone);
}

/* A client that is a mebibyte behind is cut off: visible to it, and the container does not wait for it. */
static void copy_to_attachments(struct container *container, bool error, const char *bytes, size_t length) {
    for (struct attachment **link = &container->attachments; *link;) {
        int fd = error ? (*link)->err : (*link)->out;
        if (fd >= 0 && write(fd, bytes, length) != (ssize_t)length) drop_attachment(link);
        else link = &(*link)->next;
    }
}

/* Reads once; false when there is nothing more now or ever. */
static bool stream_read(struct container *container, struct stream *stream) {
    if (stream->watch.fd < 0) return false;
    ssize_t got = read(stream->watch.fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) return true;
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) {
        log_finish(&container->log, &stream->line);
        /* The terminal's master is also how clients write: it stays open until the container ends. */
        if (container->terminal >= 0) {
            epoll_ctl(self.epoll, EPOLL_CTL_DEL, stream->watch.fd, NULL);
            stream->watch.fd = -1;
        } else watch_stop(&stream->watch);
        return false;
    }
    log_feed(&container->log, &stream->line, buffer, (size_t)got);
    copy_to_attachments(container, stream == &container->err, buffer, (size_t)got);
    return true;
}

static void out_ready(struct watch *watch, uint32_t events) {
    struct container *container = watch->owner;
    (void)events;
    stream_read(container, &container->out);
}

static void err_ready(struct watch *watch, uint32_t events) {
    struct container *container = watch->owner;
    (void)events;
    stream_read(container, &container->err);
}

static void listen_to(struct container *container, struct stream *stream, int fd, bool error) {
    stream->line.stream = error ? "stderr" : "stdout";
    stream->watch = (struct watch){.fd = fd, .ready = error ? err_ready : out_ready, .owner = container};
    fcntl(fd, F_SETFL, O_NONBLOCK);
    watch_start(&stream->watch, EPOLLIN);
}

int streams_open(struct container *container, int stdio[3]) {
    int in[2], out[2], err[2];
    stdio[0] = stdio[1] = stdio[2] = -1;
    if (spec_is(&container->spec, "tty")) return 0;
    if (spec_is(&container->spec, "stdin")) {
        if (pipe2(in, O_CLOEXEC) < 0) return -1;
        stdio[0] = in[0];
        container->input = in[1];
    }
    if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) return -1;
    stdio[1] = out[1];
    stdio[2] = err[1];
    listen_to(container, &container->out, out[0], false);
    listen_to(container, &container->err, err[0], true);
    return 0;
}

void streams_listen(struct container *container) {
    listen_to(container, &container->out, container->terminal, false);
}

void streams_drain(struct container *container) {
    while (stream_read(container, &container->out)) continue;
    while (stream_read(container, &container->err)) continue;
}

void streams_end(struct container *container) {
    char code[16];
    snprintf(code, sizeof code, "%d", exit_code(container->wait_status));
    while (container->attachments) {
        struct conversation *conversation = container->attachments->conversation;
        drop_attachment(&container->attachments);
        wire_reply(conversation->watch.fd, NULL, 0, "exit", code, NULL);
    }
    if (container->input >= 0) close(container->input);
    container->input = -1;
    if (container->terminal >= 0) {
        log_finish(&container->log, &container->out.line);
        /* Clients may still hold the master: closing ours would leave it in the event loop. */
        if (container->out.watch.fd >= 0) epoll_ctl(self.epoll, EPOLL_CTL_DEL, container->terminal, NULL);
        container->out.watch.fd = -1;
        close(container->terminal);
    }
    container->terminal = -1;
}

/* Makes a pipe whose reading end goes to the client; answers the index that follows. */
static int add_output(int *fds, int at, int *ours) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return at;
    fcntl(ends[1], F_SETPIPE_SZ, ATTACHED_PIPE_SIZE);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    *ours = ends[1];
    fds[at] = ends[0];
    return at + 1;
}

/* wanted: the letters i, o, e; the reply names the descriptors that come with it in the same way. */
void streams_attach(struct conversation *conversation, const char *name, const char *wanted) {
    struct container *container = container_find(name);
    struct attachment *attachment = calloc(1, sizeof *attachment);
    int fds[3], count = 0, input = -1;
    char got[4] = "", *letter = got;
    if (!container || container->phase != RUNNING || !attachment) {
        free(attachment);
        wire_error(conversation->watch.fd, "CONFLICT", "the container is not running");
        return;
    }
    *attachment = (struct attachment){.conversation = conversation, .out = -1, .err = -1};
    if (strchr(wanted, 'i')) input = container->terminal >= 0 ? container->terminal : container->input;
    if (input >= 0) {
        attachment->input = true;
        fds[count++] = input;
        *letter++ = 'i';
    }
    int ours = count;
    if (strchr(wanted, 'o')) count = add_output(fds, count, &attachment->out);
    if (attachment->out >= 0) *letter++ = 'o';
    if (strchr(wanted, 'e') && container->terminal < 0) count = add_output(fds, count, &attachment->err);
    if (attachment->err >= 0) *letter++ = 'e';
    attachment->next = container->attachments;
    container->attachments = attachment;
    wire_reply(conversation->watch.fd, fds, count, "ok", got, NULL);
    while (ours < count) close(fds[ours++]);
}

void streams_detach(struct conversation *conversation) {
    for (struct container *c = self.containers; c; c = c->next) {
        for (struct attachment **link = &c->attachments; *link;) {
            if ((*link)->conversation == conversation) {
                if ((*link)->input) end_input(c);
                drop_attachment(link);
            } else link = &(*link)->next;
        }
    }
}

/* Clients hold copies of the writing end: end-of-file comes when the last of them and we have closed it. */
void streams_close_input(struct conversation *conversation, const char *name) {
    struct container *container = container_find(name);
    if (container) end_input(container);
    wire_reply(conversation->watch.fd, NULL, 0, "ok", NULL);
}
