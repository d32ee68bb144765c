/* What every part of the supervisor works on: who it is, what it waits for, which containers it has. */
#include "supervisor.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

struct supervisor self;

int watch_start(struct watch *watch, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = watch};
    return epoll_ctl(self.epoll, EPOLL_CTL_ADD, watch->fd, &event);
}

void watch_stop(struct watch *watch) {
    if (watch->fd < 0) return;
    epoll_ctl(self.epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    close(watch->fd);
    watch->fd = -1;
}

int exit_code(int wait_status) {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

struct container *container_find(const char *name) {
    for (struct container *c = self.containers; c; c = c->next) {
        if (strcmp(c->name, name) == 0) return c;
    }
    return NULL;
}

void announce(const char *event, const struct container *container) {
    for (struct conversation *conversation = self.conversations, *next; conversation; conversation = next) {
        next = conversation->next;
        /* Who does not read is cut off; it reads the status files when it comes back. */
        if (conversation->events &&
            wire_reply(conversation->watch.fd, NULL, 0, event, container->name, NULL) < 0) {
            shutdown(conversation->watch.fd, SHUT_RDWR);
            conversation->events = false;
        }
    }
}
