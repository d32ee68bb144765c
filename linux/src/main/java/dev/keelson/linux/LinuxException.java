package dev.keelson.linux;

/** A system call that the kernel refused. The message names the call's subject and ends with the kernel's reason. */
public final class LinuxException extends RuntimeException {
    private static final ErrorCalls CALLS = Native.load(ErrorCalls.class);

    /** Calls that describe errors. */
    public interface ErrorCalls {
        String strerror(int errno);
    }

    private final int errno;

    public LinuxException(int errno, String what) {
        super(what + ": " + text(errno));
        this.errno = errno;
    }

    /** The error of the calling thread's last call. */
    static LinuxException last(String what) {
        return new LinuxException(Native.errno(), what);
    }

    public int errno() {
        return errno;
    }

    /** The kernel's reason in words, for example {@code no such file or directory}. */
    public static String text(int errno) {
        String text = CALLS.strerror(errno);
        boolean abbreviation = text.length() > 1 && !Character.isLowerCase(text.charAt(1));
        return abbreviation ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
