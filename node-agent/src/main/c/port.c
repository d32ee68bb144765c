#include "supervisor.h"
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

/* Loopback decides at once; only a listener that does not accept takes longer, and that the client may wait for. */
static int outcome(int fd) {
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t length = sizeof error;
    if (poll(&wait, 1, 20) == 1) getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

static int dial(int family, int port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int result = family == AF_INET ? connect(fd, (struct sockaddr *)&v4, sizeof v4)
                                   : connect(fd, (struct sockaddr *)&v6, sizeof v6);
    if (result == 0) return fd;
    int error = errno;
    if (error == EINPROGRESS) error = outcome(fd);
    if (error == 0) return fd;
    close(fd);
    errno = error;
    return -1;
}

/* The socket is made in the pod's network namespace and belongs to it wherever it is used. */
void port_connect(struct conversation *conversation, int port) {
    if (setns(self.pod.net, CLONE_NEWNET) < 0) {
        wire_error(conversation->watch.fd, "INTERNAL", error_text(errno));
        return;
    }
    int fd = dial(AF_INET, port);
    int error = errno;
    if (fd < 0) fd = dial(AF_INET6, port);
    if (setns(self.host_net, CLONE_NEWNET) < 0) abort();
    if (fd < 0) {
        wire_error(conversation->watch.fd, "TRANSIENT", error_text(error));
        return;
    }
    wire_reply(conversation->watch.fd, &fd, 1, "ok", NULL);
    close(fd);
}
