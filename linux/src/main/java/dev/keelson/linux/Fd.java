package dev.keelson.linux;

import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** An open file descriptor with an owner; closing it twice is harmless. */
public final class Fd implements AutoCloseable {
    static final Calls CALLS = Native.load(Calls.class);
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;
    private static final long TIOCSWINSZ = 0x5414;

    /** Calls on descriptors of any kind. */
    public interface Calls {
        int close(int fd);

        @ssize_t
        long read(int fd, @Out byte[] bytes, @size_t long length);

        @ssize_t
        long write(int fd, @In byte[] bytes, @size_t long length);

        int fcntl(int fd, int command, long argument);

        int shutdown(int fd, int how);

        int ioctl(int fd, long request, @In short[] argument);
    }

    private final int number;
    private final AtomicBoolean open = new AtomicBoolean(true);

    public Fd(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Makes calls on it answer EAGAIN instead of waiting. */
    public Fd nonBlocking() {
        int flags = CALLS.fcntl(number, F_GETFL, 0);
        Native.check(CALLS.fcntl(number, F_SETFL, flags | O_NONBLOCK), "cannot make descriptor non-blocking");
        return this;
    }

    /** Sets the size of the terminal that this is the master of. */
    public void resizeTerminal(int columns, int rows) {
        Native.check(
                CALLS.ioctl(number, TIOCSWINSZ, new short[] {(short) rows, (short) columns, 0, 0}),
                "cannot resize terminal to " + columns + "x" + rows);
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            CALLS.close(number);
        }
    }
}
