#include "keelson.h"

/*
 * v1 has "tasks": a thread that moves itself alone does not take the lock that stops every fork of the machine, whose
 * first taker waits out an RCU grace period (10 ms and more). The caller has one thread, so it is the same to us.
 */
int cgroup_join(const struct spec *spec) {
    char path[PATH_MAX];
    for (const char *group = NULL; (group = spec_next(spec, "cgroup", group));) {
        snprintf(path, sizeof path, "%s/tasks", group);
        if (write_file(AT_FDCWD, path, "0") == 0) continue;
        snprintf(path, sizeof path, "%s/cgroup.procs", group);
        if (write_file(AT_FDCWD, path, "0") < 0) return -1;
    }
    return 0;
}

/* v2: the clone is born in the group, which takes no global lock either. */
pid_t cgroup_fork(const struct spec *spec) {
    if (!spec_is(spec, "cgroup.v2")) return fork();
    int group = open(spec_get(spec, "cgroup", ""), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (group < 0) return -1;
    pid_t pid = sys_clone_into(group);
    int error = errno;
    close(group);
    errno = error;
    return pid;
}

/* v1 counts in memory.oom_control, v2 in memory.events; both as a line "oom_kill N". */
static bool counted_oom_kill(const char *group, const char *file) {
    char path[PATH_MAX], text[1024];
    snprintf(path, sizeof path, "%s/%s", group, file);
    if (read_file(AT_FDCWD, path, text, sizeof text) <= 0) return false;
    const char *line = strstr(text, "oom_kill ");
    return line && strtol(line + strlen("oom_kill "), NULL, 10) > 0;
}

bool cgroup_oom_killed(const struct spec *spec) {
    for (const char *group = NULL; (group = spec_next(spec, "cgroup", group));) {
        if (counted_oom_kill(group, "memory.oom_control") || counted_oom_kill(group, "memory.events")) return true;
    }
    return false;
}

static int kill_members(const char *group) {
    char path[PATH_MAX], line[32];
    int killed = 0;
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    FILE *members = fopen(path, "re");
    if (!members) return 0;
    while (fgets(line, sizeof line, members)) {
        pid_t pid = (pid_t)strtol(line, NULL, 10);
        if (pid > 0 && pid != getpid() && kill(pid, SIGKILL) == 0) killed++;
    }
    fclose(members);
    return killed;
}

void cgroup_kill(const struct spec *spec) {
    char path[PATH_MAX];
    const char *group = spec_get(spec, "cgroup", NULL);
    if (!group) return;
    snprintf(path, sizeof path, "%s/cgroup.kill", group);
    if (write_file(AT_FDCWD, path, "1") == 0) return;
    /* v1: what forks while we read shows up in the next round. */
    for (int round = 0; round < 8 && kill_members(group) > 0; round++) continue;
}
