/*
 * A web server to try a cluster with: small, static, without dependencies, and honest under load.
 *
 *   /          a line with the version and the host's name
 *   /version   the version alone
 *   /healthz   200 "ok", or 503 when FAIL_READY=1 or after /fail (until /recover)
 *   /drain     every answer from now on closes its connection; ?seconds=N answers only after N seconds, so that it
 *              can be a preStop hook: clients move to other pods while this one still serves
 *   /fail, /recover   turn /healthz bad and good again
 *
 * Environment: PORT (8080), VERSION (dev), FAIL_READY=1, FAIL_LIVE=1 (/livez fails), START_DELAY=seconds before it
 * listens, ACCESS_LOG=1 (a line per request). It exits at once on SIGTERM and SIGINT, whatever is in flight: keeping
 * requests alive through an update is the platform's work, and this program is there to prove it.
 *
 * One thread, epoll, HTTP/1.1 with keep-alive and pipelining. Requests with bodies are answered 413 and closed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 16384, MAX_REQUEST = 8192, MAX_RESPONSE = 1024, IDLE_SECONDS = 75, MAX_DRAIN_SECONDS = 300 };

struct connection {
    int used;             /* bytes of request read */
    int out_length;       /* bytes of response waiting */
    int out_sent;
    int closing;          /* close once the response is out */
    time_t deadline;      /* idle until then */
    time_t answer_at;     /* a delayed answer, or 0 */
    char in[MAX_REQUEST + 1];
    char out[MAX_RESPONSE];
};

static struct connection *connections[MAX_CONNECTIONS]; /* by descriptor */
static int poller;
static int delayed; /* connections that wait for their answer */
static int draining;
static int failing_ready;
static int failing_live;
static int access_log;
static const char *version = "dev";
static struct utsname host;

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void on_stop(int signal) {
    (void)signal;
    _exit(0);
}

static void say(const char *format, ...) {
    char line[MAX_REQUEST];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 1) length = sizeof line - 1;
    for (int done = 0; done < length;) {
        ssize_t wrote = write(1, line + done, length - done);
        if (wrote < 0 && errno != EINTR) return;
        if (wrote > 0) done += wrote;
    }
}

static void drop(int fd) {
    struct connection *c = connections[fd];
    if (c->answer_at) delayed--;
    connections[fd] = 0;
    free(c);
    close(fd);
}

static void watch(int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event);
}

static void answer(struct connection *c, int head, const char *status, const char *body) {
    int length = (int)strlen(body);
    c->out_sent = 0;
    c->out_length = snprintf(c->out, sizeof c->out,
                             "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
                             "X-Version: %.64s\r\nConnection: %s\r\n\r\n%s",
                             status, length, version, c->closing ? "close" : "keep-alive", head ? "" : body);
    if (c->out_length > (int)sizeof c->out - 1) c->out_length = sizeof c->out - 1;
}

/* The value of a header in a request that ends with an empty line, or 0. Names are compared without case. */
static const char *header(const char *request, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(request, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
        if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':') {
            const char *value = line + 3 + length;
            while (*value == ' ' || *value == '\t') value++;
            return value;
        }
    }
    return 0;
}

static int path_is(const char *path, const char *wanted) {
    size_t length = strlen(wanted);
    return !strncmp(path, wanted, length) && (path[length] == ' ' || path[length] == '?');
}

static void health(struct connection *c, int head, int failing) {
    if (failing) answer(c, head, "503 Service Unavailable", "failing\n");
    else answer(c, head, "200 OK", "ok\n");
}

static void drain(struct connection *c, const char *path, int head) {
    const char *query = strchr(path, '?');
    const char *end = strchr(path, ' ');
    long seconds = 0;
    if (query && end && query < end && !strncmp(query + 1, "seconds=", 8)) seconds = strtol(query + 9, 0, 10);
    if (seconds < 0 || seconds > MAX_DRAIN_SECONDS) {
        answer(c, head, "400 Bad Request", "seconds must be 0 to 300\n");
        return;
    }
    draining = 1;
    c->closing = 1;
    answer(c, head, "200 OK", "drained\n");
    if (seconds > 0) {
        c->answer_at = now() + seconds;
        c->deadline = c->answer_at + IDLE_SECONDS;
        delayed++;
    }
}

static void route(struct connection *c, const char *path, int head) {
    char text[256];
    if (path_is(path, "/")) {
        snprintf(text, sizeof text, "keelson web version %.64s on %.64s\n", version, host.nodename);
        answer(c, head, "200 OK", text);
    } else if (path_is(path, "/version")) {
        snprintf(text, sizeof text, "%.64s\n", version);
        answer(c, head, "200 OK", text);
    } else if (path_is(path, "/healthz")) {
        health(c, head, failing_ready);
    } else if (path_is(path, "/livez")) {
        health(c, head, failing_live);
    } else if (path_is(path, "/fail") || path_is(path, "/recover")) {
        failing_ready = path_is(path, "/fail");
        answer(c, head, "200 OK", failing_ready ? "failing\n" : "ok\n");
    } else if (path_is(path, "/drain")) {
        drain(c, path, head);
    } else {
        answer(c, head, "404 Not Found", "there are /, /version, /healthz, /livez, /fail, /recover and /drain\n");
    }
}

/* Answers the first whole request in the buffer; 0 when there is none yet. */
static int respond(struct connection *c) {
    c->in[c->used] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end) {
        if (c->used < MAX_REQUEST && !memchr(c->in, 0, c->used)) return 0;
        c->closing = 1;
        c->used = 0;
        answer(c, 0, "431 Request Header Fields Too Large", "the request is too large\n");
        return 1;
    }
    int length = (int)(end + 4 - c->in);
    char after = *(end + 4);
    *(end + 4) = 0;
    int head = !strncmp(c->in, "HEAD ", 5);
    char *path = strchr(c->in, ' ');
    const char *connection = header(c->in, "Connection");
    const char *body = header(c->in, "Content-Length");
    int old = strstr(c->in, " HTTP/1.0\r\n") != 0;
    c->closing = draining || (connection ? !strncasecmp(connection, "close", 5) : old);
    if (access_log) say("%.*s\n", (int)strcspn(c->in, "\r"), c->in);
    if (!path || path[1] != '/' || !strstr(path, " HTTP/1.")) {
        c->closing = 1;
        answer(c, 0, "400 Bad Request", "not an HTTP/1 request\n");
    } else if ((body && *body != '0') || header(c->in, "Transfer-Encoding")) {
        c->closing = 1;
        answer(c, 0, "413 Content Too Large", "requests have no body here\n");
    } else if (strncmp(c->in, "GET ", 4) && !head) {
        answer(c, 0, "405 Method Not Allowed", "only GET and HEAD\n");
    } else {
        route(c, path + 1, head);
    }
    *(end + 4) = after;
    memmove(c->in, c->in + length, c->used - length);
    c->used -= length;
    return 1;
}

/* Sends what waits; 1 when all is out, 0 when the socket is full, -1 when the connection is gone. */
static int flush(int fd, struct connection *c) {
    while (c->out_sent < c->out_length) {
        ssize_t sent = send(fd, c->out + c->out_sent, c->out_length - c->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) return 0;
        if (sent < 0) return -1;
        c->out_sent += sent;
    }
    c->out_sent = c->out_length = 0;
    return 1;
}

/* Ends our side so that the last answer arrives, and lets the client's end or the idle time do the rest. */
static void finish(int fd, struct connection *c) {
    shutdown(fd, SHUT_WR);
    c->deadline = now() + 2;
    c->used = 0;
    watch(fd, EPOLLIN | EPOLLRDHUP);
}

static void serve(int fd) {
    struct connection *c = connections[fd];
    for (;;) {
        if (c->answer_at) return;
        int done = flush(fd, c);
        if (done < 0) { drop(fd); return; }
        if (!done) { watch(fd, EPOLLOUT); return; }
        if (c->closing) { finish(fd, c); return; }
        if (!respond(c)) break;
    }
    watch(fd, EPOLLIN | EPOLLRDHUP);
}

static void receive(int fd) {
    struct connection *c = connections[fd];
    if (c->answer_at || c->closing) {
        char rest[512];
        ssize_t count = recv(fd, rest, sizeof rest, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) drop(fd);
        return;
    }
    ssize_t count = recv(fd, c->in + c->used, MAX_REQUEST - c->used, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) { drop(fd); return; }
    c->used += count;
    c->deadline = now() + IDLE_SECONDS;
    serve(fd);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        struct connection *c = fd < MAX_CONNECTIONS ? calloc(1, sizeof *c) : 0;
        if (!c) { close(fd); continue; }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        c->deadline = now() + IDLE_SECONDS;
        connections[fd] = c;
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event)) drop(fd);
    }
}

static void tick(void) {
    time_t time = now();
    for (int fd = 0; fd < MAX_CONNECTIONS; fd++) {
        struct connection *c = connections[fd];
        if (!c) continue;
        if (c->answer_at && c->answer_at <= time) {
            c->answer_at = 0;
            delayed--;
            serve(fd);
        } else if (c->deadline < time) {
            drop(fd);
        }
    }
}

static int listen_on(int port) {
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, off = 0;
    if (fd >= 0) {
        struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_any};
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        if (!bind(fd, (struct sockaddr *)&any, sizeof any) && !listen(fd, 4096)) return fd;
        close(fd);
    }
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); /* no IPv6 in this namespace */
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) || listen(fd, 4096)) {
        say("cannot listen on port %d: %s\n", port, strerror(errno));
        exit(1);
    }
    return fd;
}

static int is_set(const char *name) {
    const char *value = getenv(name);
    return value && *value && strcmp(value, "0");
}

static int number(const char *name, int otherwise, int most) {
    const char *value = getenv(name);
    if (!value || !*value) return otherwise;
    char *end;
    long result = strtol(value, &end, 10);
    if (*end || result < 0 || result > most) {
        say("%s must be a number from 0 to %d, not \"%s\"\n", name, most, value);
        exit(2);
    }
    return (int)result;
}

int main(void) {
    /* As process 1 of a container nothing ends this program by default: handlers must be there first. */
    struct sigaction stop = {.sa_handler = on_stop};
    sigaction(SIGTERM, &stop, 0);
    sigaction(SIGINT, &stop, 0);
    signal(SIGPIPE, SIG_IGN);
    if (getenv("VERSION")) version = getenv("VERSION");
    failing_ready = is_set("FAIL_READY");
    failing_live = is_set("FAIL_LIVE");
    access_log = is_set("ACCESS_LOG");
    int port = number("PORT", 8080, 65535);
    uname(&host);
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    for (unsigned left = number("START_DELAY", 0, 3600); left;) left = sleep(left);
    int listener = listen_on(port);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    say("version %s listens on port %d\n", version, port);
    time_t next_tick = now() + 1;
    for (;;) {
        struct epoll_event events[256];
        int count = epoll_wait(poller, events, 256, 1000);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener);
            else if (!connections[fd]) continue;
            else if (events[i].events & (EPOLLERR | EPOLLHUP)) drop(fd);
            else if (events[i].events & (EPOLLIN | EPOLLRDHUP)) receive(fd);
            else serve(fd);
        }
        if (now() >= next_tick) {
            tick();
            next_tick = now() + 1;
        }
    }
}
