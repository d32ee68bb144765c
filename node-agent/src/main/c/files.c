#include "keelson.h"
#include <time.h>

int write_file(int directory, const char *path, const char *text) {
    int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t wrote = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return wrote < 0 ? -1 : 0;
}

int create_file(int directory, const char *path, const char *text) {
    int fd = openat(directory, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return -1;
    ssize_t length = (ssize_t)strlen(text);
    ssize_t wrote = write(fd, text, (size_t)length);
    /* No fsync: what is recorded ends with the machine as well; only a crash of processes must not lose it. */
    close(fd);
    if (wrote != length) {
        unlinkat(directory, path, 0);
        if (wrote >= 0) errno = ENOSPC;
        return -1;
    }
    return 0;
}

int replace_file(int directory, const char *path, const char *text) {
    char temporary[PATH_MAX];
    snprintf(temporary, sizeof temporary, "%s.new", path);
    if (create_file(directory, temporary, text) < 0) return -1;
    return renameat(directory, temporary, directory, path);
}

ssize_t read_file(int directory, const char *path, char *buffer, size_t capacity) {
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    size_t used = 0;
    ssize_t got;
    while (used < capacity - 1 && (got = read(fd, buffer + used, capacity - 1 - used)) > 0) used += (size_t)got;
    close(fd);
    buffer[used] = '\0';
    return (ssize_t)used;
}

unsigned long long start_ticks(pid_t pid) {
    char path[64], stat[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_file(AT_FDCWD, path, stat, sizeof stat) <= 0) return 0;
    /* The name is in parentheses and may hold anything; fields are counted from the last one. Field 22 of proc(5). */
    char *at = strrchr(stat, ')');
    for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
    return at ? strtoull(at + 1, NULL, 10) : 0;
}

int64_t now_nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
