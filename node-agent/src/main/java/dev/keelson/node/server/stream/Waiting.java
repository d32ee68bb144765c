package dev.keelson.node.server.stream;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;

/** Waits on a virtual thread until a connection has taken what was written to it. */
final class Waiting {
    private Waiting() {}

    static void until(Future<Void> written) throws IOException {
        try {
            written.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        } catch (ExecutionException gone) {
            throw new IOException("the reader has gone", gone.getCause());
        }
    }
}
