package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.storage.StorageException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits on a virtual thread for what storage answers asynchronously. */
public final class Waiting {
    /** Longer than any healthy commit, shorter than a client's patience. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Deadlines DEADLINES = new Deadlines(Duration.ofMillis(500));

    private Waiting() {}

    /** The stage's result; failures are {@link StorageException} or {@link ApiFailure}. */
    public static <T> T forResult(CompletionStage<T> stage) {
        return forResult(stage, LIMIT);
    }

    public static <T> T forResult(CompletionStage<T> stage, Duration limit) {
        try {
            return DEADLINES.await(stage, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.unavailable("the server is shutting down");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Deadlines.Missed
                    ? ApiFailure.unavailable("the store did not answer within " + limit.toSeconds() + " seconds")
                    : unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable cause) {
        Throwable real = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        return real instanceof RuntimeException known
                ? known
                : new StorageException(StorageException.Kind.INTERNAL, "storage failed: " + real, real);
    }
}
