package dev.keelson.linux.net;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A network namespace held open by a descriptor.
 *
 * <p>Namespaces belong to threads and are inherited by threads that a thread starts. {@link #call} therefore runs on
 * one platform thread that exists for nothing else and goes back to its own namespace afterwards; a socket opened there
 * stays in the namespace and may be used from any thread (network_namespaces(7)).
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final String OF_THIS_THREAD = "/proc/thread-self/ns/net";

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("keelson-netns").factory());

    private final int fd;
    private final String name;

    private NetworkNamespace(int fd, String name) {
        this.fd = fd;
        this.name = name;
    }

    /** The namespace that this process runs in. */
    public static NetworkNamespace current() {
        return onThread(() -> open(Path.of(OF_THIS_THREAD)));
    }

    /** @param path a bind mount, {@code /proc/PID/ns/net} or {@code /proc/PID/fd/N} */
    public static NetworkNamespace open(Path path) {
        int fd = NetLibC.INSTANCE.open(path.toString(), O_RDONLY_CLOEXEC);
        if (fd < 0) {
            throw new NetlinkException("open network namespace " + path, NetLibC.errno(), "");
        }
        return new NetworkNamespace(fd, path.toString());
    }

    /** Makes a new namespace that lives as long as its descriptor (or sockets in it) stay open. */
    public static NetworkNamespace create() {
        return onThread(() -> {
            try (NetworkNamespace home = open(Path.of(OF_THIS_THREAD))) {
                if (NetLibC.INSTANCE.unshare(CLONE_NEWNET) != 0) {
                    throw new NetlinkException("create a network namespace", NetLibC.errno(), "");
                }
                try {
                    return open(Path.of(OF_THIS_THREAD));
                } finally {
                    home.enter();
                }
            }
        });
    }

    /** Runs {@code work} inside the namespace on the thread that is kept for this, and waits for it. */
    public <T> T call(Callable<T> work) {
        return onThread(() -> {
            try (NetworkNamespace home = open(Path.of(OF_THIS_THREAD))) {
                enter();
                try {
                    return work.call();
                } finally {
                    home.enter();
                }
            }
        });
    }

    /** A path that opens this namespace again while it is open here. */
    public Path path() {
        return Path.of("/proc/%d/fd/%d".formatted(ProcessHandle.current().pid(), fd));
    }

    int fd() {
        return fd;
    }

    private void enter() {
        if (NetLibC.INSTANCE.setns(fd, CLONE_NEWNET) != 0) {
            throw new NetlinkException("enter network namespace " + name, NetLibC.errno(), "");
        }
    }

    private static <T> T onThread(Callable<T> work) {
        try {
            return THREAD.submit(work).get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("work in a network namespace failed", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for work in a network namespace", interrupted);
        }
    }

    @Override
    public void close() {
        NetLibC.INSTANCE.close(fd);
    }

    @Override
    public String toString() {
        return name;
    }
}
