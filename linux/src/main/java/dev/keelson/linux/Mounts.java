package dev.keelson.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jnr.ffi.annotations.In;

/** mount(2) and umount2(2) in the mount namespace of this process. */
public final class Mounts {
    private static final Calls CALLS = Native.load(Calls.class);
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;
    private static final long MS_SHARED = 1 << 20;
    private static final int MNT_DETACH = 2;

    /** The calls of this class. */
    public interface Calls {
        int mount(@In String source, @In String target, @In String type, long flags, @In String options);

        int umount2(@In String target, int flags);
    }

    private Mounts() {}

    /** Mounts a new file system of {@code type}; {@code options} are the ones of that type, comma-separated. */
    public static void mount(String type, Path target, long flags, String options) {
        Native.check(
                CALLS.mount("keelson", Native.text(target), type, flags, options),
                "cannot mount " + type + " on " + target);
    }

    /** Makes {@code source} appear at {@code target}, with the mounts below it. */
    public static void bind(Path source, Path target, boolean readOnly) {
        String what = "cannot bind " + source + " to " + target;
        Native.check(CALLS.mount(Native.text(source), Native.text(target), "", MS_BIND | MS_REC, ""), what);
        if (readOnly) {
            long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
            Native.check(CALLS.mount("", Native.text(target), "", flags, ""), what + " read-only");
        }
    }

    /** From now on, mounts below {@code target} are passed on to clones of it, and back. */
    public static void share(Path target) {
        Native.check(CALLS.mount("", Native.text(target), "", MS_SHARED, ""), "cannot share mount " + target);
    }

    /** Takes away the mount at {@code target}, at once even when it is in use; no mount there is no error. */
    public static void unmount(Path target) {
        if (CALLS.umount2(Native.text(target), MNT_DETACH) < 0) {
            int errno = Native.errno();
            if (errno != Native.EINVAL && errno != Native.ENOENT) {
                throw new LinuxException(errno, "cannot unmount " + target);
            }
        }
    }

    /** Mount points at or below {@code directory}, deepest first: the order to unmount them in. */
    public static List<Path> below(Path directory) {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            Path top = directory.toAbsolutePath();
            return lines.map(line -> Path.of(unescape(line.split(" ")[4])))
                    .filter(path -> path.startsWith(top))
                    .toList()
                    .reversed();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the mount table", e);
        }
    }

    /** The kernel writes blanks and backslashes of a path in octal. */
    public static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
