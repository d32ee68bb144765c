package dev.keelson.linux;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * Waits for descriptors on behalf of virtual threads: one platform thread in epoll_wait(2), everybody else parks. A
 * blocking read through a native call would hold its carrier thread; this does not.
 */
public final class Poller implements AutoCloseable {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_DEL = 2;
    private static final int EPOLL_MOD = 3;
    private static final int EPOLLIN = 0x1;
    private static final int EPOLLOUT = 0x4;
    private static final int EPOLLERR = 0x8;
    private static final int EPOLLHUP = 0x10;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int BATCH = 64;
    // struct epoll_event is packed on x86-64 only.
    private static final int EVENT_SIZE = Native.arm() ? 16 : 12;
    private static final int DATA_OFFSET = Native.arm() ? 8 : 4;

    /** Calls of epoll(7) and eventfd(2). */
    public interface Calls {
        int epoll_create1(int flags);

        int epoll_ctl(int epoll, int operation, int fd, @In @Out Pointer event);

        int epoll_wait(int epoll, @Out Pointer events, int capacity, int timeout);

        int eventfd(int initial, int flags);
    }

    /** What is waited for. */
    public enum Interest {
        READ,
        WRITE
    }

    private static final class Waiters {
        CompletableFuture<Boolean> read;
        CompletableFuture<Boolean> write;

        int events() {
            return (read == null ? 0 : EPOLLIN) | (write == null ? 0 : EPOLLOUT);
        }

        /** Whether it was waited for by this one. */
        boolean withdraw(Interest interest, CompletableFuture<Boolean> ready) {
            if (interest == Interest.READ && read == ready) {
                read = null;
                return true;
            }
            if (interest == Interest.WRITE && write == ready) {
                write = null;
                return true;
            }
            return false;
        }
    }

    private final int epoll;
    private final int wake;
    private final Map<Integer, Waiters> waiting = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    public Poller(String name) {
        epoll = (int) Native.check(CALLS.epoll_create1(EPOLL_CLOEXEC), "cannot create epoll instance");
        wake = (int) Native.check(CALLS.eventfd(0, EPOLL_CLOEXEC), "cannot create eventfd");
        control(EPOLL_ADD, wake, EPOLLIN);
        thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /**
     * Parks until the descriptor is ready, has failed or was forgotten; false when {@code timeout} passed first. At
     * most one thread waits for the same interest in the same descriptor.
     */
    public boolean await(int fd, Interest interest, Duration timeout) {
        return await(fd, interest, timeout, () -> true);
    }

    /**
     * The same for a descriptor that another thread may give up.
     *
     * @param wanted whether it has not; whoever makes this false calls {@link #forget} afterwards
     */
    boolean await(int fd, Interest interest, Duration timeout, BooleanSupplier wanted) {
        CompletableFuture<Boolean> ready;
        synchronized (waiting) {
            // Looked at here, where forget() waits for us: else it might find nobody, and we might wait for ever.
            if (!wanted.getAsBoolean()) {
                return true;
            }
            ready = register(fd, interest);
        }
        try {
            return ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return !giveUp(fd, interest, ready);
        } catch (InterruptedException e) {
            giveUp(fd, interest, ready);
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Takes back what was registered; false when it is ready after all. Left behind, it would be found by whoever waits
     * for the next descriptor of this number, of which the kernel knows nothing.
     */
    private boolean giveUp(int fd, Interest interest, CompletableFuture<Boolean> ready) {
        synchronized (waiting) {
            Waiters waiters = waiting.get(fd);
            if (waiters == null || !waiters.withdraw(interest, ready)) {
                return false;
            }
            if (waiters.events() == 0) {
                waiting.remove(fd);
                CALLS.epoll_ctl(epoll, EPOLL_DEL, fd, event(0, fd));
            } else {
                control(EPOLL_MOD, fd, waiters.events() | EPOLLONESHOT);
            }
            return true;
        }
    }

    /** Ends all waiting for the descriptor; call it before closing one that may be waited for. */
    public void forget(int fd) {
        Waiters gone;
        synchronized (waiting) {
            gone = waiting.remove(fd);
            if (gone != null) {
                CALLS.epoll_ctl(epoll, EPOLL_DEL, fd, event(0, fd));
            }
        }
        if (gone != null) {
            complete(gone, EPOLLIN | EPOLLOUT);
        }
    }

    /** Whether somebody waits for the descriptor now. */
    boolean waitsFor(int fd) {
        synchronized (waiting) {
            return waiting.containsKey(fd);
        }
    }

    private CompletableFuture<Boolean> register(int fd, Interest interest) {
        Waiters waiters = waiting.get(fd);
        boolean fresh = waiters == null;
        if (fresh) {
            waiters = new Waiters();
            waiting.put(fd, waiters);
        }
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        if (interest == Interest.READ) {
            waiters.read = ready;
        } else {
            waiters.write = ready;
        }
        try {
            control(fresh ? EPOLL_ADD : EPOLL_MOD, fd, waiters.events() | EPOLLONESHOT);
        } catch (LinuxException refused) {
            waiters.withdraw(interest, ready);
            if (waiters.events() == 0) {
                waiting.remove(fd);
            }
            throw refused;
        }
        return ready;
    }

    private void run() {
        Pointer events = Memory.allocateDirect(Native.RUNTIME, EVENT_SIZE * BATCH);
        while (!closed) {
            int count = CALLS.epoll_wait(epoll, events, BATCH, -1);
            for (int i = 0; i < count; i++) {
                long at = (long) i * EVENT_SIZE;
                dispatch(events.getInt(at + DATA_OFFSET), events.getInt(at));
            }
        }
        Fd.CALLS.close(epoll);
        Fd.CALLS.close(wake);
    }

    private void dispatch(int fd, int events) {
        Waiters done;
        if (fd == wake) {
            return;
        }
        synchronized (waiting) {
            done = waiting.get(fd);
            if (done == null) {
                return;
            }
            Waiters rest = new Waiters();
            int failed = events & (EPOLLERR | EPOLLHUP);
            if ((events & EPOLLIN) == 0 && failed == 0) {
                rest.read = done.read;
                done.read = null;
            }
            if ((events & EPOLLOUT) == 0 && failed == 0) {
                rest.write = done.write;
                done.write = null;
            }
            if (rest.events() == 0) {
                waiting.remove(fd);
                CALLS.epoll_ctl(epoll, EPOLL_DEL, fd, event(0, fd));
            } else {
                waiting.put(fd, rest);
                control(EPOLL_MOD, fd, rest.events() | EPOLLONESHOT);
            }
        }
        complete(done, EPOLLIN | EPOLLOUT);
    }

    private static void complete(Waiters waiters, int events) {
        if (waiters.read != null && (events & EPOLLIN) != 0) {
            waiters.read.complete(true);
        }
        if (waiters.write != null && (events & EPOLLOUT) != 0) {
            waiters.write.complete(true);
        }
    }

    private void control(int operation, int fd, int events) {
        Native.check(CALLS.epoll_ctl(epoll, operation, fd, event(events, fd)), "cannot watch descriptor " + fd);
    }

    private static Pointer event(int events, int fd) {
        Pointer event = Memory.allocateDirect(Native.RUNTIME, EVENT_SIZE);
        event.putInt(0, events);
        event.putInt(DATA_OFFSET, fd);
        return event;
    }

    @Override
    public void close() {
        closed = true;
        Fd.CALLS.write(wake, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 8);
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (waiting) {
            waiting.values().forEach(waiters -> complete(waiters, EPOLLIN | EPOLLOUT));
            waiting.clear();
        }
    }
}
