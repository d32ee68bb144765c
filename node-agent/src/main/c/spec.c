#include "keelson.h"

int spec_load(struct spec *spec, int directory, const char *name) {
    struct stat info;
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return -1;
    if (fstat(fd, &info) < 0 || info.st_size <= 0 || info.st_size > 16 << 20) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    spec->length = (size_t)info.st_size;
    spec->bytes = malloc(spec->length + 1);
    ssize_t got = spec->bytes ? read(fd, spec->bytes, spec->length) : -1;
    close(fd);
    if (got != info.st_size || spec->bytes[got - 1] != '\0') {
        spec_free(spec);
        errno = EINVAL;
        return -1;
    }
    return 0;
}

int spec_copy(struct spec *spec, const char *bytes, size_t length) {
    spec->bytes = malloc(length + 1);
    if (!spec->bytes) return -1;
    memcpy(spec->bytes, bytes, length);
    spec->bytes[length] = '\0';
    spec->length = length;
    return 0;
}

void spec_free(struct spec *spec) {
    free(spec->bytes);
    spec->bytes = NULL;
    spec->length = 0;
}

const char *spec_next(const struct spec *spec, const char *key, const char *previous) {
    size_t key_length = strlen(key);
    const char *end = spec->bytes + spec->length;
    const char *at = previous ? previous + strlen(previous) + 1 : spec->bytes;
    for (; at < end; at += strlen(at) + 1) {
        if (strncmp(at, key, key_length) == 0 && at[key_length] == '=') return at + key_length + 1;
    }
    return NULL;
}

const char *spec_get(const struct spec *spec, const char *key, const char *fallback) {
    const char *value = spec_next(spec, key, NULL);
    return value ? value : fallback;
}

size_t spec_count(const struct spec *spec, const char *key) {
    size_t count = 0;
    for (const char *value = NULL; (value = spec_next(spec, key, value));) count++;
    return count;
}

bool spec_is(const struct spec *spec, const char *key) {
    return strcmp(spec_get(spec, key, "0"), "1") == 0;
}

long long spec_number(const struct spec *spec, const char *key, long long fallback) {
    const char *value = spec_next(spec, key, NULL);
    return value ? strtoll(value, NULL, 10) : fallback;
}

char **spec_array(const struct spec *spec, const char *key, size_t extra) {
    size_t count = 0;
    for (const char *value = NULL; (value = spec_next(spec, key, value));) count++;
    char **array = calloc(count + extra + 1, sizeof *array);
    if (!array) return NULL;
    count = 0;
    for (const char *value = NULL; (value = spec_next(spec, key, value));) array[count++] = (char *)value;
    return array;
}
