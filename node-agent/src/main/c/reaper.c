#include "supervisor.h"

#define UNCLAIMED_MAX 64

static struct {
    pid_t pid;
    int wait_status;
} unclaimed[UNCLAIMED_MAX];
static unsigned unclaimed_count;

/* While one is, its process may end before we are told its pid. */
static bool starts_under_way(void) {
    for (struct container *c = self.containers; c; c = c->next) {
        if (c->phase == STARTING && c->released) return true;
    }
    for (struct execution *e = self.executions; e; e = e->next) {
        if (e->report.fd >= 0) return true;
    }
    return false;
}

bool claim_exit(pid_t pid, int *wait_status) {
    for (unsigned i = 0; i < UNCLAIMED_MAX; i++) {
        if (pid <= 0 || unclaimed[i].pid != pid) continue;
        *wait_status = unclaimed[i].wait_status;
        unclaimed[i].pid = 0;
        return true;
    }
    return false;
}

/* Kept only while it might be somebody's: orphans of a container come here as well. */
void keep_exit(pid_t pid, int wait_status) {
    if (!starts_under_way()) {
        memset(unclaimed, 0, sizeof unclaimed);
        return;
    }
    unclaimed[unclaimed_count % UNCLAIMED_MAX].pid = pid;
    unclaimed[unclaimed_count++ % UNCLAIMED_MAX].wait_status = wait_status;
}
