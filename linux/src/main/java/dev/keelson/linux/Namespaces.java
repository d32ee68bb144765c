package dev.keelson.linux;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs code in another namespace. Namespaces belong to threads and are inherited by the threads and processes that a
 * thread starts: the code runs on a platform thread of its own, which ends with it and never serves anything else.
 */
public final class Namespaces {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final int O_RDONLY_CLOEXEC = 02000000;

    /** The calls of this class. */
    public interface Calls {
        int open(String path, int flags);

        int setns(int fd, int kind);
    }

    private Namespaces() {}

    /** Runs {@code code} in the namespace that {@code namespace} leads to, for example {@code /proc/7/ns/net}. */
    public static <T> T callIn(Path namespace, Callable<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name("in " + namespace).daemon(true).start(() -> {
            try {
                enter(namespace);
                result.complete(code.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static void enter(Path namespace) {
        String what = "cannot enter namespace " + namespace;
        try (Fd fd = new Fd((int) Native.check(CALLS.open(Native.text(namespace), O_RDONLY_CLOEXEC), what))) {
            Native.check(CALLS.setns(fd.number(), 0), what);
        }
    }
}
