package dev.keelson.linux;

import static dev.keelson.linux.FileTreeCalls.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * One directory and everything below it, reached only through descriptors that the kernel keeps inside it.
 *
 * <p>Paths and names are raw bytes, as Linux has them, because they come from files that strangers made. A path is
 * resolved by openat2(2) with {@code RESOLVE_IN_ROOT}: {@code /} and {@code ..} in it, and in every symbolic link that
 * it meets, stop at this tree's top, as in a chroot. Names never contain a slash. Not safe for concurrent use.
 */
public final class FileTree implements AutoCloseable {

    private final Directory top;

    private FileTree(Directory top) {
        this.top = top;
    }

    /** Opens a directory that the caller trusts the path of. */
    public static FileTree open(Path directory) throws Failure {
        byte[] path = directory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        int fd = LIBC.openat(AT_FDCWD, terminated(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        return new FileTree(new Directory(checked(fd, "open", path)));
    }

    /** The top itself; stays open until the tree is closed. */
    public Directory top() {
        return top;
    }

    /** Opens a directory by its path from the top, following links inside the tree; empty when nothing is there. */
    public Optional<Directory> find(byte[] path) throws Failure {
        return find(path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** Like {@link #find} for a path in which no component may be a symbolic link. */
    public Optional<Directory> findWithoutLinks(byte[] path) throws Failure {
        try {
            return find(path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
        } catch (Failure failure) {
            if (failure.errno == ELOOP || failure.errno == ENOTDIR) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Like {@link #find}, but a link or {@code ..} that leads out of the tree is a failure. */
    public Optional<Directory> findBeneath(byte[] path) throws Failure {
        return find(path, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    private Optional<Directory> find(byte[] path, long resolve) throws Failure {
        byte[] relative = path.length == 0 ? new byte[] {'.'} : path;
        long[] how = {O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, resolve};
        while (true) {
            long fd = LIBC.syscall(SYS_OPENAT2, top.fd, terminated(relative), how, how.length * 8L);
            if (fd >= 0) {
                return Optional.of(new Directory((int) fd));
            }
            int errno = RUNTIME.getLastError();
            if (errno == ENOENT) {
                return Optional.empty();
            }
            // A rename anywhere on the machine makes the kernel unsure of a ".."; it asks to be called again.
            if (errno != EAGAIN && errno != EINTR) {
                throw new Failure("open", path, errno);
            }
        }
    }

    /** Writes everything of this tree's file system to the disk. */
    public void sync() throws Failure {
        checked(LIBC.syncfs(top.fd), "syncfs", new byte[0]);
    }

    @Override
    public void close() {
        top.close();
    }

    /** What a name stands for; the link itself when it is a symbolic link. */
    public record Node(long device, long inode, int mode, int uid, int gid, long seconds, int nanos) {
        public boolean isDirectory() {
            return (mode & 0170000) == 0040000;
        }

        /** Overlayfs's mark for "nothing here": a character device 0/0. */
        public boolean isCharacterDevice() {
            return (mode & 0170000) == S_IFCHR;
        }

        public boolean isSameAs(Node other) {
            return device == other.device && inode == other.inode;
        }

        private static Node of(byte[] statx) {
            ByteBuffer in = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
            long device = ((long) in.getInt(136) << 32) | in.getInt(140);
            return new Node(
                    device,
                    in.getLong(32),
                    in.getShort(28) & 0xffff,
                    in.getInt(20),
                    in.getInt(24),
                    in.getLong(112),
                    in.getInt(120));
        }
    }

    /** A directory held open. Its methods act on names directly in it and never follow a link. */
    public static final class Directory implements AutoCloseable {
        private final int fd;

        private Directory(int fd) {
            this.fd = fd;
        }

        public Optional<Node> stat(byte[] name) throws Failure {
            byte[] result = new byte[256];
            int rc = LIBC.statx(fd, terminated(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, result);
            if (rc < 0 && RUNTIME.getLastError() == ENOENT) {
                return Optional.empty();
            }
            checked(rc, "stat", name);
            return Optional.of(Node.of(result));
        }

        /** What this directory itself is. */
        public Node stat() throws Failure {
            byte[] result = new byte[256];
            checked(
                    LIBC.statx(fd, new byte[1], AT_EMPTY_PATH, STATX_BASIC_STATS, result),
                    "stat directory",
                    new byte[0]);
            return Node.of(result);
        }

        public Directory openDirectory(byte[] name) throws Failure {
            int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
            return new Directory(checked(LIBC.openat(fd, terminated(name), flags, 0), "open", name));
        }

        /** Makes a directory of mode 0700. */
        public void makeDirectory(byte[] name) throws Failure {
            checked(LIBC.mkdirat(fd, terminated(name), 0700), "mkdir", name);
        }

        /** Makes an empty regular file of mode 0600; fails with {@code EEXIST} when the name is taken. */
        public NewFile createFile(byte[] name) throws Failure {
            int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
            return new NewFile(checked(LIBC.openat(fd, terminated(name), flags, 0600), "create", name), name);
        }

        public void symlink(byte[] target, byte[] name) throws Failure {
            checked(LIBC.symlinkat(terminated(target), fd, terminated(name)), "symlink", name);
        }

        /** Gives the file {@code name} of this directory a further name; a symbolic link is linked itself. */
        public void link(byte[] name, Directory to, byte[] newName) throws Failure {
            checked(LIBC.linkat(fd, terminated(name), to.fd, terminated(newName), 0), "link", newName);
        }

        public void rename(byte[] name, Directory to, byte[] newName) throws Failure {
            checked(LIBC.renameat(fd, terminated(name), to.fd, terminated(newName)), "rename", name);
        }

        public void makeFifo(byte[] name) throws Failure {
            checked(LIBC.mknodat(fd, terminated(name), S_IFIFO | 0600, 0), "mkfifo", name);
        }

        /** Makes overlayfs's mark that hides the name in the layers below: a character device 0/0. */
        public void makeWhiteout(byte[] name) throws Failure {
            checked(LIBC.mknodat(fd, terminated(name), S_IFCHR, 0), "mknod", name);
        }

        public void unlink(byte[] name) throws Failure {
            checked(LIBC.unlinkat(fd, terminated(name), 0), "unlink", name);
        }

        public void removeDirectory(byte[] name) throws Failure {
            checked(LIBC.unlinkat(fd, terminated(name), AT_REMOVEDIR), "rmdir", name);
        }

        public void setOwner(byte[] name, int uid, int gid) throws Failure {
            checked(LIBC.fchownat(fd, terminated(name), uid, gid, AT_SYMLINK_NOFOLLOW), "chown", name);
        }

        /** Sets permission bits of something that was just made here and is no symbolic link. */
        public void setMode(byte[] name, int mode) throws Failure {
            checked(LIBC.fchmodat(fd, terminated(name), mode, 0), "chmod", name);
        }

        public void setTime(byte[] name, long seconds, int nanos) throws Failure {
            long[] times = {seconds, nanos, seconds, nanos};
            checked(LIBC.utimensat(fd, terminated(name), times, AT_SYMLINK_NOFOLLOW), "utimens", name);
        }

        public void setOwner(int uid, int gid) throws Failure {
            checked(LIBC.fchown(fd, uid, gid), "chown directory", new byte[0]);
        }

        public void setMode(int mode) throws Failure {
            checked(LIBC.fchmod(fd, mode), "chmod directory", new byte[0]);
        }

        public void setTime(long seconds, int nanos) throws Failure {
            checked(LIBC.futimens(fd, new long[] {seconds, nanos, seconds, nanos}), "utimens directory", new byte[0]);
        }

        public void setXattr(byte[] attribute, byte[] value) throws Failure {
            checked(LIBC.fsetxattr(fd, terminated(attribute), value, value.length, 0), "setxattr", attribute);
        }

        /** Reads an extended attribute of this directory of at most 64 bytes. */
        public Optional<byte[]> xattr(byte[] attribute) throws Failure {
            byte[] value = new byte[64];
            long length = LIBC.fgetxattr(fd, terminated(attribute), value, value.length);
            if (length < 0 && (RUNTIME.getLastError() == ENODATA || RUNTIME.getLastError() == EOPNOTSUPP)) {
                return Optional.empty();
            }
            checked(length, "getxattr", attribute);
            return Optional.of(Arrays.copyOf(value, (int) length));
        }

        public void sync() throws Failure {
            checked(LIBC.fsync(fd), "fsync directory", new byte[0]);
        }

        /**
         * Asks ext4 to spread the directories made in here over the disk (the T flag of chattr(1)); other file systems
         * ignore it.
         *
         * @return whether the file system took the flag
         */
        public boolean spreadSubdirectories() {
            int[] flags = new int[2];
            if (LIBC.ioctl(fd, FS_IOC_GETFLAGS, flags) < 0) {
                return false;
            }
            flags[0] |= FS_TOPDIR_FL;
            return LIBC.ioctl(fd, FS_IOC_SETFLAGS, flags) == 0;
        }

        @Override
        public void close() {
            LIBC.close(fd);
        }
    }

    /** A regular file that was just created and is being filled. */
    public static final class NewFile implements AutoCloseable {
        private final int fd;
        private final byte[] name;

        private NewFile(int fd, byte[] name) {
            this.fd = fd;
            this.name = name;
        }

        /** Writes all that remains in the direct buffer at the offset. */
        public void write(ByteBuffer direct, long offset) throws Failure {
            long at = offset;
            while (direct.hasRemaining()) {
                long written = LIBC.pwrite(fd, direct.slice(), direct.remaining(), at);
                if (written < 0 && RUNTIME.getLastError() == EINTR) {
                    continue;
                }
                checked(written, "write", name);
                direct.position(direct.position() + (int) written);
                at += written;
            }
        }

        /** Sets the length; what was never written reads as zeros and takes no room. */
        public void setLength(long bytes) throws Failure {
            checked(LIBC.ftruncate(fd, bytes), "truncate", name);
        }

        public void setOwner(int uid, int gid) throws Failure {
            checked(LIBC.fchown(fd, uid, gid), "chown", name);
        }

        public void setMode(int mode) throws Failure {
            checked(LIBC.fchmod(fd, mode), "chmod", name);
        }

        public void setTime(long seconds, int nanos) throws Failure {
            checked(LIBC.futimens(fd, new long[] {seconds, nanos, seconds, nanos}), "utimens", name);
        }

        public void setXattr(byte[] attribute, byte[] value) throws Failure {
            checked(LIBC.fsetxattr(fd, terminated(attribute), value, value.length, 0), "setxattr", name);
        }

        @Override
        public void close() {
            LIBC.close(fd);
        }
    }

    /** A call that the kernel refused, with its errno(3). */
    public static final class Failure extends IOException {
        private static final Set<Integer> NAME_ERRORS =
                Set.of(ENOENT, E2BIG, EEXIST, ENOTDIR, EISDIR, EINVAL, EMLINK, ERANGE, ENAMETOOLONG, ELOOP);
        private final int errno;

        private Failure(String call, byte[] name, int errno) {
            super(call + (name.length == 0 ? "" : " " + new String(name, StandardCharsets.UTF_8)) + ": "
                    + LIBC.strerror(errno));
            this.errno = errno;
        }

        public int errno() {
            return errno;
        }

        /** The disk, or the quota on it, is full. */
        public boolean isNoSpace() {
            return errno == ENOSPC || errno == EDQUOT;
        }

        /** What was asked for cannot be done to these names here, whoever asks and however often. */
        public boolean isCausedByNames() {
            return NAME_ERRORS.contains(errno);
        }

        /** The file system, or its settings, does not know the attribute. */
        public boolean isNotSupported() {
            return errno == EOPNOTSUPP;
        }

        public boolean isExists() {
            return errno == EEXIST;
        }
    }

    private static int checked(long result, String call, byte[] name) throws Failure {
        if (result < 0) {
            throw new Failure(call, name, RUNTIME.getLastError());
        }
        return (int) result;
    }

    private static byte[] terminated(byte[] name) throws Failure {
        for (byte b : name) {
            if (b == 0) {
                throw new Failure("use name", name, EINVAL);
            }
        }
        return Arrays.copyOf(name, name.length + 1);
    }
}
