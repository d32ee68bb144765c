/* The container's root: idmapped layers under an overlay, and volumes (stage 1), which are mounted into it (stage 2). */
#include "keelson.h"
#include <sys/mount.h>

bool devices_allowed(const struct start *start) {
    return spec_is(start->spec, "privileged") && start->pod->user < 0;
}

/* Attaches every layer under a short name, because mount options must fit into one page. Answers how many. */
static int attach_layers(const struct start *start, const char *key, int staging) {
    char name[16];
    int count = 0;
    for (const char *layer = NULL; (layer = spec_next(start->spec, key, layer)); count++) {
        snprintf(name, sizeof name, "%d", count);
        int tree = sys_open_tree(AT_FDCWD, layer, OPEN_TREE_CLONE);
        if (tree < 0) report_failure(start->report, errno, "cannot open layer \"%s\"", layer);
        if (start->pod->user >= 0 && sys_mount_attr(tree, 0, ATTR_IDMAP, 0, start->pod->user) < 0) {
            report_failure(start->report, errno,
                           "cannot shift the ids of layer \"%s\" (its filesystem must support idmapped mounts)", layer);
        }
        if (mkdirat(staging, name, 0755) < 0 || sys_move_mount(tree, staging, name) < 0) {
            report_failure(start->report, errno, "cannot attach layer \"%s\"", layer);
        }
        close(tree);
    }
    if (count == 0) report_failure(start->report, 0, "the image has no layer");
    return count;
}

static void overlay_options(char *options, size_t size, const char *upper, int layers) {
    size_t used = (size_t)snprintf(options, size, "%slowerdir=", upper);
    while (layers-- > 0) used += (size_t)snprintf(options + used, size - used, layers ? "%d:" : "%d", layers);
}

/* A place for layers that only this mount namespace sees. */
static int stage(const struct start *start) {
    const char *directory = spec_get(start->spec, "directory", "");
    /* By path: the descriptor that the supervisor holds is in another mount namespace. */
    if (chdir(directory) < 0) report_failure(start->report, errno, "cannot enter \"%s\"", directory);
    if (mount("keelson", "rootfs", "tmpfs", 0, "size=1m") < 0) report_failure(start->report, errno, "cannot stage layers");
    return open("rootfs", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void rootfs_overlay(const struct start *start) {
    char options[4096], path[PATH_MAX];
    const char *directory = spec_get(start->spec, "directory", "");
    int staging = stage(start);
    /* Links instead of paths: a path may hold the option separators ',' and ':'. */
    snprintf(path, sizeof path, "%s/upper", directory);
    if (symlinkat(path, staging, "u") < 0) report_failure(start->report, errno, "cannot stage upper directory");
    snprintf(path, sizeof path, "%s/work", directory);
    if (symlinkat(path, staging, "w") < 0) report_failure(start->report, errno, "cannot stage work directory");
    overlay_options(options, sizeof options, "volatile,upperdir=u,workdir=w,", attach_layers(start, "layer", staging));
    unsigned long flags = devices_allowed(start) ? 0 : MS_NODEV;
    if (fchdir(staging) < 0) report_failure(start->report, errno, "cannot enter staging");
    /* Of a container that was prepared in a sandbox that is lost, and whose program never ran. */
    unlinkat(staging, "w/work/incompat/volatile/dirty", 0);
    unlinkat(staging, "w/work/incompat/volatile", AT_REMOVEDIR);
    snprintf(path, sizeof path, "%s/rootfs", directory);
    /* volatile: this upper directory is never mounted a second time, so nobody needs it synced. */
    if (mount("overlay", path, "overlay", flags, options) < 0) {
        report_failure(start->report, errno, "cannot mount overlay (%s)", options);
    }
    close(staging);
    if (chdir(path) < 0) report_failure(start->report, errno, "cannot enter \"%s\"", path);
}

/* Whether the comma-separated words have this one. */
static bool has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0')) return true;
    }
    return false;
}

/*
 * A clone of what a volume's sub-path names, or of the volume itself when there is none. A container may swap links in
 * its volume at any moment: the kernel resolves the path beneath the volume's root, and what it found is cloned.
 */
static int clone_below(const struct start *start, const char *source, const char *sub) {
    if (!*sub) {
        int tree = sys_open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | AT_RECURSIVE);
        if (tree < 0) report_failure(start->report, errno, "cannot mount volume source \"%s\"", source);
        return tree;
    }
    int root = open(source, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) report_failure(start->report, errno, "cannot open volume source \"%s\"", source);
    int place = sys_open_beneath(root, sub, O_PATH);
    if (place < 0 && errno == EXDEV) report_failure(start->report, 0, "subPath \"%s\" leads out of the volume", sub);
    if (place < 0) report_failure(start->report, errno, "cannot open subPath \"%s\" of the volume", sub);
    int tree = sys_open_tree(place, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | AT_RECURSIVE);
    if (tree < 0) report_failure(start->report, errno, "cannot mount subPath \"%s\" of the volume", sub);
    close(place);
    close(root);
    return tree;
}

static void set_volume(const struct start *start, int tree, const char *source, const char *options) {
    uint64_t everywhere = (devices_allowed(start) ? 0 : ATTR_NODEV) | (has_word(options, "rro") ? ATTR_RDONLY : 0);
    uint64_t propagation = has_word(options, "shared") ? 0 : has_word(options, "slave") ? MS_SLAVE : MS_PRIVATE;
    if (sys_mount_attr_all(tree, AT_RECURSIVE, everywhere, propagation) < 0 ||
        (has_word(options, "ro") && sys_mount_attr(tree, 0, ATTR_RDONLY, 0, -1) < 0)) {
        report_failure(start->report, errno, "cannot set options \"%s\" of volume source \"%s\"", options, source);
    }
    if (!has_word(options, "idmap") || start->pod->user < 0) return;
    /* The kernel's own file systems (/dev, /proc, /sys) cannot be shifted: their files then belong to nobody in here. */
    if (sys_mount_attr(tree, 0, ATTR_IDMAP, 0, start->pod->user) < 0 && errno != EINVAL) {
        report_failure(start->report, errno, "cannot shift the ids of volume source \"%s\"", source);
    }
}

/* Goes over the entries that describe one mount each; true while there is one. */
static bool next_volume(const struct spec *spec, struct volume *volume) {
    volume->source = spec_next(spec, "mount", volume->source);
    volume->sub = spec_next(spec, "mount.sub", volume->sub);
    volume->options = spec_next(spec, "mount.options", volume->options);
    return volume->source && volume->sub && volume->options;
}

int *rootfs_open_volumes(const struct start *start) {
    int *volumes = calloc(spec_count(start->spec, "mount") + 1, sizeof *volumes);
    if (!volumes) report_failure(start->report, ENOMEM, "cannot open volumes");
    struct volume volume = {0};
    for (int i = 0; next_volume(start->spec, &volume); i++) {
        volumes[i] = -1;
        if (has_word(volume.options, "layers")) continue;
        volumes[i] = clone_below(start, volume.source, volume.sub);
        set_volume(start, volumes[i], volume.source, volume.options);
    }
    return volumes;
}

/* The files of an image as a volume: its layers under an overlay that nothing can be written to or executed in. */
static int open_image(const struct start *start, const struct volume *volume) {
    char options[4096];
    uint64_t attributes = ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC;
    int staging = stage(start);
    overlay_options(options, sizeof options, "", attach_layers(start, volume->source, staging));
    /* Without an upper directory overlayfs wants two layers: an empty one below all of them. */
    strcat(options, ":empty");
    if (mkdirat(staging, "empty", 0755) < 0 || mkdirat(staging, "image", 0755) < 0 || fchdir(staging) < 0 ||
        mount("overlay", "image", "overlay", MS_RDONLY, options) < 0) {
        report_failure(start->report, errno, "cannot mount the image of a volume (%s)", options);
    }
    int tree = clone_below(start, "image", volume->sub);
    if (sys_mount_attr_all(tree, AT_RECURSIVE, attributes, MS_PRIVATE) < 0) {
        report_failure(start->report, errno, "cannot protect the image of a volume");
    }
    close(staging);
    if (chdir(spec_get(start->spec, "directory", "")) < 0 || umount2("rootfs", MNT_DETACH) < 0) {
        report_failure(start->report, errno, "cannot clear up after the image of a volume");
    }
    return tree;
}

void rootfs_open_images(const struct start *start, int *volumes) {
    struct volume volume = {0};
    for (int i = 0; next_volume(start->spec, &volume); i++) {
        if (volumes[i] < 0) volumes[i] = open_image(start, &volume);
    }
}

/* Creates the last component of path; the ones before it exist. */
static int create_in(int root, const char *path, bool directory) {
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) : 0, path);
    int fd = *parent ? sys_open_in(root, parent, O_PATH | O_DIRECTORY) : fcntl(root, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return -1;
    const char *name = slash ? slash + 1 : path;
    int made = directory ? mkdirat(fd, name, 0755) : openat(fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (made > 0) close(made);
    int error = errno;
    close(fd);
    errno = error;
    return made < 0 && error != EEXIST ? -1 : 0;
}

/* Opens path in root; what is missing is created, as a directory or as an empty file. Never leaves root. */
int rootfs_place(int root, const char *path, bool directory) {
    char prefix[PATH_MAX];
    while (*path == '/') path++;
    int fd = sys_open_in(root, *path ? path : ".", O_PATH);
    if (fd >= 0 || errno != ENOENT) return fd;
    if (snprintf(prefix, sizeof prefix, "%s", path) >= (int)sizeof prefix) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (char *end = prefix; end;) {
        end = strchr(end, '/');
        while (end && end[1] == '/') memmove(end, end + 1, strlen(end));
        if (end && end[1] == '\0') {
            *end = '\0';
            end = NULL;
        }
        if (end) *end = '\0';
        fd = sys_open_in(root, prefix, O_PATH);
        if (fd >= 0) close(fd);
        else if (errno != ENOENT || create_in(root, prefix, directory || end) < 0) return -1;
        if (end) *end++ = '/';
    }
    return sys_open_in(root, path, O_PATH);
}

static const char *kind_of(int fd) {
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISDIR(info.st_mode) ? "directory" : "file";
}

/* What the kernel calls an invalid argument or no directory, in the words of who wrote the mount. */
static _Noreturn void refuse_attach(const struct start *start, int tree, int place, const char *path) {
    int error = errno;
    const char *mounted = kind_of(tree);
    if (place >= 0 && strcmp(kind_of(place), mounted) != 0) {
        report_failure(start->report, 0,
                       "cannot mount a %s on %s, which is a %s in the container; mount it on a %s or on a path that does not exist",
                       mounted, path, kind_of(place), mounted);
    }
    if (place < 0 && error == ENOTDIR) {
        report_failure(start->report, 0, "cannot mount a %s on %s: a part of this path is a file in the container", mounted, path);
    }
    if (place < 0) report_failure(start->report, error, "cannot mount a %s on %s, which cannot be made", mounted, path);
    report_failure(start->report, error, "cannot mount a %s on %s", mounted, path);
}

void rootfs_attach(const struct start *start, int root, int tree, const char *path, bool directory) {
    if (tree < 0) report_failure(start->report, errno, "cannot open what is mounted on %s", path);
    int place = rootfs_place(root, path, directory);
    if (place < 0 || sys_move_mount(tree, place, "") < 0) refuse_attach(start, tree, place, path);
    close(place);
    close(tree);
}

static void attach_volumes(const struct start *start, int root, const int *volumes) {
    struct stat info;
    const char *target = NULL;
    for (int i = 0; (target = spec_next(start->spec, "mount.to", target)); i++) {
        bool directory = fstat(volumes[i], &info) == 0 && S_ISDIR(info.st_mode);
        rootfs_attach(start, root, volumes[i], target, directory);
    }
}

void rootfs_finish(const struct start *start, int root, const struct trees *trees) {
    attach_volumes(start, root, trees->volumes);
    const char *directory = spec_get(start->spec, "cwd", "");
    if (*directory) {
        int place = rootfs_place(root, directory, true);
        if (place < 0) report_failure(start->report, errno, "cannot create working directory \"%s\"", directory);
        close(place);
    }
    if (spec_is(start->spec, "read.only.root") && sys_mount_attr(root, 0, ATTR_RDONLY, 0, -1) < 0) {
        report_failure(start->report, errno, "cannot make the root file system read-only");
    }
}
