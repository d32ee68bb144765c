/*
 * Containers that another OCI runtime makes, by the command line that all of them have: create, start, exec, kill, delete.
 * We stay what containers have as a parent: the runtime's commands end, the container's first process becomes ours, and
 * its streams, log and exit code are kept as for our own. Layers and volumes are ours too: the runtime finds them mounted,
 * in a mount namespace that nobody else sees, where its config.json (written by the agent) says.
 */
#include "keelson.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#define ARGUMENTS_MAX 24
#define CONSOLE "console.sock"
#define STAGE "/run/keelson"

bool oci_asked(const struct spec *spec) {
    return *spec_get(spec, "oci.runtime", "") != '\0';
}

static const char *directory_of(const struct spec *spec) {
    return spec_get(spec, "directory", "");
}

/* runtime --root DIRECTORY/oci --log ... verb more... ; room for count further arguments. */
static char **command(const struct spec *spec, const char *verb, const char *const *more, size_t room) {
    static char root[PATH_MAX], log[PATH_MAX];
    snprintf(root, sizeof root, "%s/oci", directory_of(spec));
    snprintf(log, sizeof log, "%s/oci.log", directory_of(spec));
    const char *first[] = {spec_get(spec, "oci.runtime", ""), "--root", root, "--log", log, "--log-format", "json", verb};
    char **arguments = calloc(ARGUMENTS_MAX + room, sizeof *arguments);
    if (!arguments) return NULL;
    size_t used = 0;
    for (; used < sizeof first / sizeof *first; used++) arguments[used] = (char *)first[used];
    for (; more && *more; more++) arguments[used++] = (char *)*more;
    return arguments;
}

static _Noreturn void execute(char **arguments, const int *stdio) {
    static char *const ENVIRONMENT[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; stdio && fd < 3; fd++) dup2(stdio[fd] >= 0 ? stdio[fd] : null, fd);
    syscall(SYS_close_range, 3, ~0U, 1 << 2 /* CLOSE_RANGE_CLOEXEC */);
    execve(arguments[0], arguments, ENVIRONMENT);
    _exit(127);
}

static pid_t spawn(const struct spec *spec, const int *stdio, const char *verb, const char *const *more) {
    char **arguments = command(spec, verb, more, 0);
    pid_t pid = arguments ? fork() : -1;
    if (pid == 0) {
        leave_supervisor();
        execute(arguments, stdio);
    }
    free(arguments);
    return pid;
}

/* The message of the last line of the runtime's log, which is JSON. */
static void last_message(const struct spec *spec, char *message, size_t size) {
    static char text[65536];
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/oci.log", directory_of(spec));
    snprintf(message, size, "%s failed and says no more", spec_get(spec, "oci.runtime", ""));
    if (read_file(AT_FDCWD, path, text, sizeof text) <= 0) return;
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, "\"msg\":\"")); at += 7) found = at + 7;
    if (!found) return;
    size_t used = 0;
    for (; *found && *found != '"' && used < size - 1; found++) {
        if (*found == '\\' && found[1]) found++;
        message[used++] = *found;
    }
    message[used] = '\0';
}

static void run(const struct start *start, const int *stdio, const char *verb, const char *const *more) {
    char message[900];
    int status = 0;
    pid_t pid = spawn(start->spec, stdio, verb, more);
    if (pid < 0 || waitpid(pid, &status, 0) < 0) report_failure(start->report, errno, "cannot run the OCI runtime");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        report_failure(start->report, 0, "cannot execute OCI runtime \"%s\"", spec_get(start->spec, "oci.runtime", ""));
    }
    last_message(start->spec, message, sizeof message);
    report_failure(start->report, 0, "%s %s: %s", spec_get(start->spec, "oci.runtime", ""), verb, message);
}

static void place(const struct start *start, int staging, const char *name, int tree) {
    struct stat info;
    bool directory = fstat(tree, &info) == 0 && S_ISDIR(info.st_mode);
    int target = rootfs_place(staging, name, directory);
    if (target < 0 || sys_move_mount(tree, target, "") < 0) report_failure(start->report, errno, "cannot place a volume");
    close(target);
    close(tree);
}

/*
 * The runtime's first process in the pod's user namespace is nobody on the host, and must get to what it mounts. The
 * engine's directories are closed to nobody, so in this mount namespace all of it is put where everybody may look:
 * STAGE/rootfs, STAGE/0, 1 and so on (the volumes), STAGE/shm (the pod's shared memory).
 */
static void place_all(const struct start *start, const int *volumes, int shm) {
    char name[16];
    int root = sys_open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | AT_RECURSIVE);
    /* STAGE/rootfs also stays behind empty on the host: runc's "exec" starts in a directory of that name. */
    if (root < 0 || (mkdir(STAGE, 0755) < 0 && errno != EEXIST) ||
        (mkdir(STAGE "/rootfs", 0755) < 0 && errno != EEXIST) ||
        mount("keelson", STAGE, "tmpfs", 0, "size=1m,mode=755") < 0) {
        report_failure(start->report, errno, "cannot stage the container in %s", STAGE);
    }
    int staging = open(STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
    place(start, staging, "rootfs", root);
    const char *source = NULL;
    for (int i = 0; (source = spec_next(start->spec, "mount", source)); i++) {
        snprintf(name, sizeof name, "%d", i);
        place(start, staging, name, volumes[i]);
    }
    place(start, staging, "shm", shm);
    close(staging);
    if (chdir(directory_of(start->spec)) < 0) report_failure(start->report, errno, "cannot enter the container's directory");
}

static int listen_for_console(const struct start *start) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = CONSOLE};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(CONSOLE);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0) {
        report_failure(start->report, errno, "cannot listen for the terminal");
    }
    return fd;
}

/* The runtime has connected and sent the terminal's master before its "create" ended. */
static void pass_console_on(const struct start *start, int listener) {
    char byte[4096];
    int fds[MESSAGE_FDS], count = 0;
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0 || wire_receive(connection, byte, sizeof byte, fds, &count) < 0 || count < 1) {
        report_failure(start->report, errno, "the OCI runtime sent no terminal");
    }
    report_value(start->report, REPORT_TTY, 0, fds[0]);
    close(connection);
    close(listener);
    unlink(CONSOLE);
}

static pid_t read_pid(const char *path) {
    char text[32];
    return read_file(AT_FDCWD, path, text, sizeof text) > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* The host's, the pod's, or on kernels before 6.15 (which cannot clone the pod's) the container's own. */
static int shared_memory(const struct pod *pod) {
    static const char *const OWN[] = {"size", "65536k", "mode", "1777", NULL};
    int shm = pod->host_ipc ? sys_open_tree(AT_FDCWD, "/dev/shm", OPEN_TREE_CLONE | AT_RECURSIVE)
                            : sys_open_tree(pod->shm, "", AT_EMPTY_PATH | OPEN_TREE_CLONE);
    return shm >= 0 ? shm : sys_new_mount("tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, OWN);
}

_Noreturn void oci_create(const struct start *start) {
    char pid_file[PATH_MAX];
    const char *id = spec_get(start->spec, "oci.id", "");
    bool tty = spec_is(start->spec, "tty");
    leave_supervisor();
    own_stdio(start);
    /* Before the mount namespace is left that the pod's shared memory was made in. */
    int shm = shared_memory(start->pod);
    place_all(start, rootfs_prepare(start), shm);
    int console = tty ? listen_for_console(start) : -1;
    snprintf(pid_file, sizeof pid_file, "%s/pid", directory_of(start->spec));
    const char *plain[] = {"--bundle", directory_of(start->spec), "--pid-file", pid_file, id, NULL};
    const char *terminal[] = {"--bundle", directory_of(start->spec), "--pid-file", pid_file,
                              "--console-socket", CONSOLE, id, NULL};
    run(start, start->stdio, "create", tty ? terminal : plain);
    pid_t pid = read_pid(pid_file);
    if (pid <= 0) report_failure(start->report, 0, "the OCI runtime wrote no pid file");
    report_value(start->report, REPORT_PID, pid, -1);
    if (tty) pass_console_on(start, console);
    const char *only_id[] = {id, NULL};
    run(start, NULL, "start", only_id);
    report_value(start->report, REPORT_READY, 0, -1);
    _exit(0);
}

static void exec_pid_file(char *path, size_t size, const struct spec *spec, pid_t runtime) {
    snprintf(path, size, "%s/exec-%d.pid", directory_of(spec), runtime);
}

_Noreturn void oci_exec(const struct start *start) {
    char pid_file[PATH_MAX];
    bool tty = spec_is(start->process, "tty");
    char **words = spec_array(start->process, "arg", 0);
    leave_supervisor();
    own_stdio(start);
    setsid();
    exec_pid_file(pid_file, sizeof pid_file, start->spec, getpid());
    const char *plain[] = {"--pid-file", pid_file, spec_get(start->spec, "oci.id", ""), NULL};
    const char *terminal[] = {"--tty", "--pid-file", pid_file, spec_get(start->spec, "oci.id", ""), NULL};
    size_t count = 0;
    while (words && words[count]) count++;
    char **arguments = command(start->spec, "exec", tty ? terminal : plain, count);
    if (!arguments || count == 0) report_failure(start->report, 0, "there is no program to run");
    size_t used = 0;
    while (arguments[used]) used++;
    memcpy(arguments + used, words, count * sizeof *words);
    if (tty) terminal_open(start->report, 0);
    report_value(start->report, REPORT_READY, 0, -1);
    execute(arguments, tty ? NULL : start->stdio);
}

bool oci_exec_kill(const struct spec *spec, pid_t runtime) {
    char path[PATH_MAX];
    exec_pid_file(path, sizeof path, spec, runtime);
    pid_t pid = read_pid(path);
    /* The runtime is its parent and still there, so the number is still its own. */
    return pid > 0 && kill(pid, SIGKILL) == 0;
}

void oci_exec_forget(const struct spec *spec, pid_t runtime) {
    char path[PATH_MAX];
    exec_pid_file(path, sizeof path, spec, runtime);
    unlink(path);
}

void oci_signal(const struct spec *spec, int signal) {
    static const int NONE[] = {-1, -1, -1};
    char number[16];
    snprintf(number, sizeof number, "%d", signal);
    const char *more[] = {spec_get(spec, "oci.id", ""), number, NULL};
    spawn(spec, NONE, "kill", more);
}

void oci_delete(const struct spec *spec) {
    static const int NONE[] = {-1, -1, -1};
    const char *more[] = {"--force", spec_get(spec, "oci.id", ""), NULL};
    spawn(spec, NONE, "delete", more);
}
