package dev.keelson.linux;

import java.nio.file.Path;

/** flock(2), which other programs use and java.nio does not. */
public final class FileLocks {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final int O_RDONLY_CLOEXEC = 02000000;
    private static final int LOCK_EX_NB = 2 | 4;

    /** The calls of this class. */
    public interface Calls {
        int open(String path, int flags);

        int flock(int fd, int operation);
    }

    private FileLocks() {}

    /** Whether some process holds the lock on {@code file} now; a file that does not exist is locked by nobody. */
    public static boolean held(Path file) {
        int number = CALLS.open(Native.text(file), O_RDONLY_CLOEXEC);
        if (number < 0) {
            return false;
        }
        try (Fd fd = new Fd(number)) {
            return CALLS.flock(fd.number(), LOCK_EX_NB) < 0;
        }
    }
}
