package dev.keelson.linux;

import java.time.Duration;
import java.util.Optional;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;

/** A process held by descriptor (pidfd_open(2)): it cannot turn into another process when its number is reused. */
public final class Pidfd implements AutoCloseable {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;

    /** The system calls of pidfds, which older C libraries have no names for. */
    public interface Calls {
        int syscall(long number, int pid, int flags);

        int syscall(long number, int fd, int signal, @In Pointer info, int flags);
    }

    private final Fd fd;

    private Pidfd(Fd fd) {
        this.fd = fd;
    }

    /** Empty when the process is gone, or its number belongs to a process with another start time. */
    public static Optional<Pidfd> open(int pid, long startTicks) {
        int number = CALLS.syscall(SYS_PIDFD_OPEN, pid, 0);
        if (number < 0) {
            return Optional.empty();
        }
        Pidfd pidfd = new Pidfd(new Fd(number));
        if (!Processes.alive(pid, startTicks)) {
            pidfd.close();
            return Optional.empty();
        }
        return Optional.of(pidfd);
    }

    /** False when the process is gone. */
    public boolean signal(int signal) {
        return CALLS.syscall(SYS_PIDFD_SEND_SIGNAL, fd.number(), signal, null, 0) == 0;
    }

    /** Waits until the process has ended; false when {@code timeout} passed first. */
    public boolean awaitExit(Poller poller, Duration timeout) {
        return poller.await(fd.number(), Poller.Interest.READ, timeout);
    }

    @Override
    public void close() {
        fd.close();
    }
}
