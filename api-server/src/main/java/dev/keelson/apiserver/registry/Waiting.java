package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.storage.StorageException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on a virtual thread for what storage answers asynchronously. */
public final class Waiting {
    /** Longer than any healthy commit, shorter than a client's patience. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Waiting() {}

    /** The stage's result; failures are {@link StorageException} or {@link ApiFailure}. */
    public static <T> T forResult(CompletionStage<T> stage) {
        return forResult(stage, LIMIT);
    }

    public static <T> T forResult(CompletionStage<T> stage, Duration limit) {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.unavailable("the server is shutting down");
        } catch (TimeoutException e) {
            throw ApiFailure.unavailable("the store did not answer within " + limit.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable cause) {
        Throwable real = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        return real instanceof RuntimeException known
                ? known
                : new StorageException(StorageException.Kind.INTERNAL, "storage failed: " + real, real);
    }
}
