#include "keelson.h"
#include <sys/mman.h>
#include <sys/syscall.h>

static const char USAGE[] =
    "usage: keelson-launcher serve RUN_DIRECTORY [CGROUP_DIRECTORY...]\n"
    "         start a launcher in the background; answers when its socket RUN_DIRECTORY/launcher.sock accepts\n"
    "         requests. It and all supervisors join the cgroups, which must exist.\n"
    "       keelson-launcher version\n"
    "       keelson-launcher syscalls\n"
    "         names and numbers of system calls, by architecture, and which are refused by default\n";

/*
 * Run from a sealed copy in memory: a process that is entering a container can be seen from there as
 * /proc/PID/exe, and no container must be able to write the program on disk through it (CVE-2019-5736).
 */
static void run_sealed(char **argv) {
    char link[64] = {0};
    struct stat info;
    if (readlink("/proc/self/exe", link, sizeof link - 1) > 0 && strncmp(link, "/memfd:", 7) == 0) return;
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int copy = memfd_create("keelson-launcher", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    char buffer[65536];
    if (self < 0 || copy < 0 || fstat(self, &info) < 0) return;
    ssize_t got;
    while ((got = read(self, buffer, sizeof buffer)) > 0) {
        if (write(copy, buffer, (size_t)got) != got) return;
    }
    close(self);
    if (fcntl(copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) return;
    fexecve(copy, argv, environ);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        puts(PROTOCOL);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "syscalls") == 0) {
        syscalls_print();
        seccomp_print();
        return 0;
    }
    if (argc >= 3 && strcmp(argv[1], "serve") == 0) {
        run_sealed(argv);
        command_keep(argc, argv);
        return launcher_main(argc - 2, argv + 2);
    }
    fputs(USAGE, stderr);
    return 2;
}
