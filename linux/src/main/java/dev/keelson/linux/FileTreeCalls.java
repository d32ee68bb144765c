package dev.keelson.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library calls that {@link FileTree} is made of, and their constants. */
final class FileTreeCalls {

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_CLOEXEC = 02000000;
    // These two are the only flags used here that differ between the architectures (asm/fcntl.h).
    static final int O_DIRECTORY = arm() ? 040000 : 0200000;
    static final int O_NOFOLLOW = arm() ? 0100000 : 0400000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    static final long RESOLVE_NO_MAGICLINKS = 0x02;
    static final long RESOLVE_NO_SYMLINKS = 0x04;
    static final long RESOLVE_BENEATH = 0x08;
    static final long RESOLVE_IN_ROOT = 0x10;

    static final int S_IFCHR = 0020000;
    static final int S_IFIFO = 0010000;
    static final int STATX_BASIC_STATS = 0x7ff;
    static final long SYS_OPENAT2 = 437;
    static final long SYS_GETDENTS64 = arm() ? 61 : 217;

    static final long FS_IOC_GETFLAGS = 0x80086601L;
    static final long FS_IOC_SETFLAGS = 0x40086602L;
    static final int FS_TOPDIR_FL = 0x00020000;

    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int E2BIG = 7;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EMLINK = 31;
    static final int ERANGE = 34;
    static final int ENAMETOOLONG = 36;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
    static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    private FileTreeCalls() {}

    private static boolean arm() {
        return "aarch64".equals(System.getProperty("os.arch"));
    }

    /** Bindings by the C library's own names; public because the generated implementation must see it. */
    public interface LibC {
        int openat(int directory, @In byte[] path, int flags, @mode_t int mode);

        long syscall(long number, int directory, @In byte[] path, @In long[] how, @size_t long size);

        long syscall(long number, int fd, @Out byte[] entries, @size_t long size);

        int close(int fd);

        int mkdirat(int directory, @In byte[] name, @mode_t int mode);

        int mknodat(int directory, @In byte[] name, @mode_t int mode, long device);

        int symlinkat(@In byte[] target, int directory, @In byte[] name);

        int linkat(int from, @In byte[] name, int to, @In byte[] newName, int flags);

        int renameat(int from, @In byte[] name, int to, @In byte[] newName);

        int unlinkat(int directory, @In byte[] name, int flags);

        int statx(int directory, @In byte[] path, int flags, int mask, @Out byte[] result);

        int fchownat(int directory, @In byte[] name, int uid, int gid, int flags);

        int fchmodat(int directory, @In byte[] name, @mode_t int mode, int flags);

        int utimensat(int directory, @In byte[] name, @In long[] times, int flags);

        int fchown(int fd, int uid, int gid);

        int fchmod(int fd, @mode_t int mode);

        int futimens(int fd, @In long[] times);

        int fsetxattr(int fd, @In byte[] name, @In byte[] value, @size_t long size, int flags);

        @ssize_t
        long fgetxattr(int fd, @In byte[] name, @Out byte[] value, @size_t long size);

        int ftruncate(int fd, @off_t long size);

        @ssize_t
        long pwrite(int fd, java.nio.ByteBuffer data, @size_t long size, @off_t long offset);

        int fsync(int fd);

        String strerror(int errno);

        int syncfs(int fd);

        int ioctl(int fd, long request, int[] argument);
    }
}
