/*
 * The launcher and the supervisor: what must run between clone and exec, and what must outlive the agent.
 *
 *   launcher    one per agent; forks a supervisor for every sandbox directory that it is told of (launcher.c)
 *   supervisor  one per pod; holds the pod's namespaces, starts and reaps containers, writes their logs,
 *               keeps their exit codes, serves the pod's socket (sandbox.c, supervisor.c)
 *   stage 1     a child of the supervisor with the host's privileges: cgroups, layers, overlay, volumes (stage1.c)
 *   stage 2     the container's first process before exec: inside its namespaces (stage2.c)
 *
 * Neither parses images nor talks to the network. Everything they are told comes as NUL-separated text (spec.c),
 * from the agent alone.
 */
#ifndef KEELSON_H
#define KEELSON_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Counted up when agent and launcher would no longer understand each other. */
#define PROTOCOL "4"
#define MESSAGE_MAX (256 * 1024)
#define MESSAGE_FDS 4

/* ---- spec.c: "key=value" entries separated by NUL; a key may repeat ---- */
struct spec {
    char *bytes;
    size_t length;
};
int spec_load(struct spec *spec, int directory, const char *name);
int spec_copy(struct spec *spec, const char *bytes, size_t length);
void spec_free(struct spec *spec);
/* The first value of key, or fallback. */
const char *spec_get(const struct spec *spec, const char *key, const char *fallback);
/* The value of key that follows previous (NULL: the first); NULL at the end. */
const char *spec_next(const struct spec *spec, const char *key, const char *previous);
size_t spec_count(const struct spec *spec, const char *key);
bool spec_is(const struct spec *spec, const char *key);
long long spec_number(const struct spec *spec, const char *key, long long fallback);
/* All values of key as a NULL-terminated array with room for extra more. */
char **spec_array(const struct spec *spec, const char *key, size_t extra);

/* ---- wire.c: unix seqpacket messages with descriptors ---- */
int wire_send(int fd, const void *bytes, size_t length, const int *fds, int count);
ssize_t wire_receive(int fd, void *bytes, size_t capacity, int *fds, int *count);
/* Joins the strings (up to NULL) with NULs into one message. */
int wire_reply(int fd, const int *fds, int count, ...);
int wire_error(int fd, const char *kind, const char *message);
int wire_listen(const char *name);
/* Whether somebody listens there. */
bool wire_answers(const char *name);

/* ---- report.c: what a child tells its supervisor before it executes its program ---- */
enum report_kind { REPORT_PID = 1, REPORT_TTY, REPORT_READY, REPORT_ERROR };
struct report {
    uint32_t kind;
    int32_t value;
    char text[1000];
};
int report_pair(int pair[2]);
void report_value(int channel, enum report_kind kind, int value, int fd);
/* Sends "<message>: <error text>" (no error text when error is 0) and ends the process. */
_Noreturn void report_failure(int channel, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* strerror in the lower case that sentences need. */
const char *error_text(int error);

/* ---- files.c ---- */
int write_file(int directory, const char *path, const char *text);
/* For less than a page: a reader sees nothing or all of it. */
int create_file(int directory, const char *path, const char *text);
/* Writes a temporary file beside path and renames it: a reader sees the old or the new content, never a part. */
int replace_file(int directory, const char *path, const char *text);
/* Reads up to capacity-1 bytes and ends them with NUL; -1 and errno on failure. */
ssize_t read_file(int directory, const char *path, char *buffer, size_t capacity);
unsigned long long start_ticks(pid_t pid);
int64_t now_nanos(void);

/* ---- command.c: what /proc says of a process's command line ---- */
void command_keep(int argc, char **argv);
/*
 * From now on, also in children. Processes that a container can see must not tell it where the host keeps things. Nobody reads
 * the arguments afterwards.
 */
void command_show(const char *words);

/* ---- sys.c: system calls that the C library has no names for ---- */
#define OPEN_TREE_CLONE 1
#define ATTR_RDONLY 0x1
#define ATTR_NOSUID 0x2
#define ATTR_NODEV 0x4
#define ATTR_NOEXEC 0x8
#define ATTR_STRICTATIME 0x20
#define ATTR_IDMAP 0x00100000
int sys_open_tree(int directory, const char *path, unsigned flags);
int sys_move_mount(int from, int to, const char *path);
int sys_mount_attr(int fd, unsigned flags, uint64_t set, uint64_t clear, int userns);
/* Sets attributes and what mounts and unmounts are passed on (0: as it was); flags: AT_RECURSIVE or 0. */
int sys_mount_attr_all(int fd, unsigned flags, uint64_t set, uint64_t propagation);
/* A new, detached mount of a filesystem; options are name, value pairs up to NULL. A NULL value is a flag. */
int sys_new_mount(const char *type, unsigned attributes, const char *const *options);
/* Opens a path as if root were "/", whatever symbolic links it has. */
int sys_open_in(int root, const char *path, uint64_t flags);
/* Opens a path and fails with EXDEV when it, or a symbolic link in it, leads out of root. */
int sys_open_beneath(int root, const char *path, uint64_t flags);
int sys_clone(uint64_t flags);
int sys_clone_into(int cgroup);
int sys_pidfd_open(pid_t pid);
int sys_pidfd_signal(int pidfd, int signal);

/* ---- namespaces of a pod, as descriptors; -1 where the host's is used ---- */
struct pod {
    int directory;
    int user, net, ipc, uts, pid, shm;
    uid_t root_uid;
    unsigned id_range;
    pid_t holder;
    bool host_pid;
    bool host_ipc;
};
/* The first process in new namespaces: it waits for the pod's spec, does what must be done inside, and says so. */
struct holder {
    pid_t pid;
    int channel;
    uint64_t flags;
};
/* What most pods have of their own. */
#define NAMESPACES_PRIVATE (0x40000000ULL | 0x10000000 | 0x08000000 | 0x04000000) /* net, user, ipc, uts */
int holder_start(struct holder *holder, uint64_t flags);
void holder_end(struct holder *holder);
/* Takes the spare's namespaces when they are of the wanted kind, and ends it otherwise. */
int pod_create(struct pod *pod, const struct spec *spec, struct holder *spare, char *error, size_t error_size);
/* Enters the pod's user, net, ipc, uts and (shared) pid namespaces. */
int pod_enter(const struct pod *pod);

/* ---- log.c: CRI log files ---- */
#define LINE_MAX_BYTES 16384
struct line {
    const char *stream;
    size_t used;
    char bytes[LINE_MAX_BYTES];
};
struct log {
    int fd;
    char path[PATH_MAX];
    off_t size, max_size;
    int max_files;
    uint64_t lost;
    int lost_error;
};
int log_open(struct log *log, const struct spec *spec);
void log_feed(struct log *log, struct line *line, const char *bytes, size_t length);
void log_finish(struct log *log, struct line *line);
void log_close(struct log *log);

/* ---- cgroup.c: directories come from the spec ("cgroup" entries) ---- */
/* Forks, on v2 straight into the container's group; on v1 the child has to join. */
pid_t cgroup_fork(const struct spec *spec);
int cgroup_join(const struct spec *spec);
bool cgroup_oom_killed(const struct spec *spec);
void cgroup_kill(const struct spec *spec);

/* ---- a process to be started in a container ---- */
struct start {
    const struct pod *pod;
    const struct spec *spec;
    /* What the process runs: the container's spec or the exec request. */
    const struct spec *process;
    int container_directory;
    int report;
    int stdio[3];
    int target_pidfd;
    /* Everything but the program is made at once; that waits until the supervisor writes to the channel. */
    bool held;
};
/* In a child: signals as a program expects them. */
void leave_supervisor(void);
/* Gives the streams to the pod's root, which must be able to hand them on. */
void own_stdio(const struct start *start);
/* What stage 1 opens for stage 2, as detached mounts: volumes and cgroups in their order in the spec, the pod's /dev/shm. */
struct trees {
    int *volumes, *groups;
    int shm;
};
/* A mount namespace with the container's root mounted (and the current directory); answers its volumes, opened. */
int *rootfs_prepare(const struct start *start);
_Noreturn void stage1_container(const struct start *start);
_Noreturn void stage1_exec(const struct start *start);
_Noreturn void stage2_container(const struct start *start, const struct trees *trees);
/* Identity, limits, seccomp, exec; common to containers and exec. */
_Noreturn void process_run(const struct start *start);

/* ---- rootfs.c ---- */
/* The mount that is the container's root, detached from nothing: mounted in this process's mount namespace; cwd. */
void rootfs_overlay(const struct start *start);
/* What one mount of the spec is made of; all zero before the first. */
struct volume {
    const char *source, *sub, *options;
};
/* Clones of all volumes, while this mount namespace still shares mounts with the host's; -1 for images. */
int *rootfs_open_volumes(const struct start *start);
/* Those made of images: mounted first, which no other mount namespace may see. */
void rootfs_open_images(const struct start *start, int *volumes);
int rootfs_place(int root, const char *path, bool directory);
/* Mounts the tree (-1 and errno: it could not be opened) on path in root, and closes it. */
void rootfs_attach(const struct start *start, int root, int tree, const char *path, bool directory);
/* Volumes, working directory, protection: after the kernel's file systems, which a volume may cover. */
void rootfs_finish(const struct start *start, int root, const struct trees *trees);
bool devices_allowed(const struct start *start);

/* ---- kernelfs.c ---- */
/* The container's own cgroup in each hierarchy. A mount of the hierarchy itself would wait for every dying group. */
int *kernel_open_groups(const struct start *start);
void kernel_mounts(const struct start *start, int root, const struct trees *trees);

/* ---- oci.c: containers of a RuntimeClass; all but the first two are the supervisor's ---- */
bool oci_asked(const struct spec *spec);
_Noreturn void oci_create(const struct start *start);
/* Becomes the runtime's "exec", whose exit code is the command's. */
_Noreturn void oci_exec(const struct start *start);
/* Kills what a command of the runtime has started; false when it has not come so far. */
bool oci_exec_kill(const struct spec *spec, pid_t runtime);
void oci_exec_forget(const struct spec *spec, pid_t runtime);
void oci_signal(const struct spec *spec, int signal);
void oci_delete(const struct spec *spec);

/* ---- terminal.c ---- */
/* Opens a pseudo terminal of this mount namespace, makes it the controlling one and stdio; sends the master. */
void terminal_open(int report, uid_t owner);
int terminal_resize(int master, int columns, int rows);

/* ---- identity.c ---- */
struct identity {
    uid_t uid;
    gid_t gid;
    gid_t groups[256];
    int group_count;
    char home[512];
};
/* Resolves "user[:group]" in the /etc/passwd and /etc/group of the current root. */
void identity_resolve(struct identity *identity, const struct start *start);
/* The last step before exec: what it installs may forbid everything else. */
void identity_assume(const struct identity *identity, const struct start *start);

/* ---- seccomp.c ---- */
int seccomp_install(uint64_t capabilities);
/* "REFUSED name capability" for each call that the default filter refuses; -1: to everybody. */
void seccomp_print(void);
/* Installs the program of a profile: 16 hexadecimal digits for each instruction. */
int seccomp_install_program(const char *digits, unsigned flags);

/* ---- syscalls.c ---- */
void syscalls_print(void);

/* ---- supervisor.c, launcher.c ---- */
/* Called in a process of its own that holds the lock of the directory. */
_Noreturn void supervisor_main(int directory, int conversation);
/* Waits for a pod with namespaces that most can use; ends with the channel, over which it is told of the pod. */
_Noreturn void supervisor_spare(int channel);
int launcher_main(int argc, char **argv);

#endif
