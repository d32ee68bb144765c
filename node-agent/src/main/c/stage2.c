/* A container's first process: inside its namespaces, before its program. */
#include "keelson.h"
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int own_root(const struct start *start) {
    /*
     * What was mounted by a more privileged namespace is locked here, and a locked mount cannot become the root:
     * a clone of it on top of it can.
     */
    int root = sys_open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | AT_RECURSIVE);
    if (root < 0 || sys_move_mount(root, AT_FDCWD, ".") < 0 || fchdir(root) < 0) {
        report_failure(start->report, errno, "cannot take the root file system");
    }
    return root;
}

_Noreturn void stage2_container(const struct start *start, const struct trees *trees) {
    setsid();
    int root = own_root(start);
    kernel_mounts(start, root, trees);
    rootfs_finish(start, root, trees);
    if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) {
        report_failure(start->report, errno, "cannot change to the root file system");
    }
    process_run(start);
}

static void set_limits(void) {
    struct rlimit files, core = {0, 0};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max < 1048576 ? files.rlim_max : 1048576;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &core);
    }
}

static void set_stdio(const struct start *start, const struct identity *identity) {
    if (spec_is(start->process, "tty")) {
        terminal_open(start->report, identity->uid);
        return;
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < 3; i++) {
        int fd = start->stdio[i] >= 0 ? start->stdio[i] : null;
        /* Programs open /dev/stdout as their own user. */
        if (fd != null && fchown(fd, identity->uid, identity->gid) < 0) continue;
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(start->stdio[i] >= 0 ? start->stdio[i] : null, i) < 0) {
            report_failure(start->report, errno, "cannot set up standard streams");
        }
    }
}

static bool has_variable(char **env, const char *name) {
    size_t length = strlen(name);
    for (; *env; env++) {
        if (strncmp(*env, name, length) == 0 && (*env)[length] == '=') return true;
    }
    return false;
}

static void add_default(char **env, const char *name, const char *value, char *buffer, size_t size) {
    if (has_variable(env, name)) return;
    snprintf(buffer, size, "%s=%s", name, value);
    while (*env) env++;
    *env = buffer;
}

static char **environment(const struct start *start, const struct identity *identity) {
    static char home[sizeof identity->home + 8], path[128], term[16];
    char **env = spec_array(start->spec, "env", 3);
    if (!env) report_failure(start->report, ENOMEM, "cannot build the environment");
    add_default(env, "HOME", identity->home, home, sizeof home);
    add_default(env, "PATH", DEFAULT_PATH, path, sizeof path);
    if (spec_is(start->process, "tty")) add_default(env, "TERM", "xterm", term, sizeof term);
    return env;
}

static const char *search_path(char **env) {
    for (; *env; env++) {
        if (strncmp(*env, "PATH=", 5) == 0) return *env + 5;
    }
    return DEFAULT_PATH;
}

static _Noreturn void refuse(const struct start *start, const char *program, const char *path, int error) {
    if (error == ENOENT && !strchr(program, '/')) {
        report_failure(start->report, 0, "exec \"%s\": executable file not found in $PATH", program);
    }
    if (error == ENOENT && access(path, F_OK) == 0) {
        report_failure(start->report, error, "exec \"%s\": its interpreter or dynamic loader is missing in the image",
                       program);
    }
    if (error == ENOEXEC) {
        report_failure(start->report, error, "exec \"%s\": not a program for this machine, nor a script with #!", program);
    }
    report_failure(start->report, error, "exec \"%s\"", program);
}

static _Noreturn void execute(const struct start *start, char **args, char **env) {
    char path[PATH_MAX];
    int refused = ENOENT;
    if (strchr(args[0], '/')) {
        execve(args[0], args, env);
        refuse(start, args[0], args[0], errno);
    }
    for (const char *at = search_path(env); at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
        int length = (int)strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s%s%s", length, at, length ? "/" : "", args[0]);
        execve(path, args, env);
        if (errno != ENOENT && errno != ENOTDIR) refused = errno;
    }
    refuse(start, args[0], args[0], refused);
}

/* The channel ends without a word when the container is not wanted any more, or its supervisor has died. */
static void await_release(const struct start *start) {
    char go;
    if (!start->held) return;
    /* Whatever fs.suid_dumpable says: it has descriptors that a neighbour of the same user must not get at by ptrace. */
    prctl(PR_SET_DUMPABLE, 0);
    if (read(start->report, &go, 1) != 1) _exit(0);
}

_Noreturn void process_run(const struct start *start) {
    struct identity identity;
    identity_resolve(&identity, start);
    char **args = spec_array(start->process, "arg", 0);
    char **env = environment(start, &identity);
    if (!args || !args[0]) report_failure(start->report, 0, "there is no program to run");
    const char *directory = spec_get(start->spec, "cwd", "");
    if (chdir(*directory ? directory : "/") < 0) {
        report_failure(start->report, errno, "cannot enter working directory \"%s\"", directory);
    }
    set_limits();
    set_stdio(start, &identity);
    /* Everything that was opened on the way here closes at exec, whatever opened it. */
    syscall(SYS_close_range, 3, ~0U, 1 << 2 /* CLOSE_RANGE_CLOEXEC */);
    /* The default filter lets the process wait for its word; a profile need not. */
    bool profile = *spec_get(start->spec, "seccomp.program", "");
    if (!profile) identity_assume(&identity, start);
    await_release(start);
    report_value(start->report, REPORT_READY, 0, -1);
    if (profile) identity_assume(&identity, start);
    execute(start, args, env);
}
