package dev.keelson.linux;

import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** Loads the typed bindings; every facility has its own small interface of calls. */
final class Native {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EPIPE = 32;
    static final int EIO = 5;
    static final int ECONNREFUSED = 111;

    static final Runtime RUNTIME = Runtime.getSystemRuntime();

    private Native() {}

    static <T> T load(Class<T> calls) {
        return LibraryLoader.create(calls).load("c");
    }

    /** Valid right after a failed call, on the same thread; a virtual thread must not have waited in between. */
    static int errno() {
        return RUNTIME.getLastError();
    }

    /** Answers the result, or throws what the kernel said. */
    static long check(long result, String what) {
        if (result < 0) {
            throw LinuxException.last(what);
        }
        return result;
    }

    static boolean arm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    static String text(Path path) {
        return path.toAbsolutePath().toString();
    }
}
