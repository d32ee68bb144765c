package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whom a pod's files belong to, as ids of the host.
 *
 * @param uid what root inside the pod is mapped to
 * @param gid the volume's group: root's, or the pod's fsGroup
 * @param fsGroup whether the group may write, as Kubernetes' fsGroup promises
 */
record Ownership(int uid, int gid, boolean fsGroup) {
    private static final int GROUP_READ_WRITE = 060;
    private static final int GROUP_READ = 040;
    static final int SET_GID = 02000;

    static Ownership of(int rootUid, OptionalInt fsGroup) {
        return new Ownership(rootUid, rootUid + fsGroup.orElse(0), fsGroup.isPresent());
    }

    /** Gives a file or directory to the pod; a link itself, never what it points to. */
    void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }

    int fileMode(int mode, boolean writable) {
        return fsGroup ? mode | (writable ? GROUP_READ_WRITE : GROUP_READ) : mode;
    }

    static void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(all[bit]);
            }
        }
        return permissions;
    }
}
