package dev.keelson.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import jnr.ffi.annotations.In;
import jnr.ffi.types.size_t;

/**
 * Opens paths that somebody else may be changing, without ever leaving a directory: openat2(2) with RESOLVE_BENEATH.
 */
public final class Beneath {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final long SYS_OPENAT2 = 437;
    private static final int O_PATH = 010000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_DIRECTORY = 0200000;
    private static final long RESOLVE_NO_MAGICLINKS = 2;
    private static final long RESOLVE_BENEATH = 8;
    private static final int OPEN_HOW_SIZE = 24;

    /** The calls of this class. */
    public interface Calls {
        int open(@In String path, int flags);

        long syscall(long number, int directory, @In String path, @In byte[] how, @size_t long size);
    }

    private Beneath() {}

    /**
     * A descriptor of what {@code relative} names below {@code root}, good for naming it as {@code /proc/self/fd/N}.
     *
     * @throws LinuxException when it does not exist, or a link or {@code ..} leads out of the root
     */
    public static Fd open(Path root, String relative) {
        int top = (int)
                Native.check(CALLS.open(Native.text(root), O_PATH | O_DIRECTORY | O_CLOEXEC), "cannot open " + root);
        try (Fd directory = new Fd(top)) {
            byte[] how = ByteBuffer.allocate(OPEN_HOW_SIZE)
                    .order(ByteOrder.nativeOrder())
                    .putLong(O_PATH | O_CLOEXEC)
                    .putLong(0)
                    .putLong(RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS)
                    .array();
            long fd = CALLS.syscall(SYS_OPENAT2, directory.number(), relative, how, OPEN_HOW_SIZE);
            return new Fd((int) Native.check(fd, "cannot open \"" + relative + "\" beneath " + root));
        }
    }
}
