package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** Lets pulls that need the same blob at the same time wait for one download. */
final class SharedDownloads {
    private final ContentStore content;
    private final Map<Digest, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    SharedDownloads(ContentStore content) {
        this.content = content;
    }

    /** Returns once the blob is in the store, by this caller's download or by another's. */
    void bring(Descriptor blob, Runnable download) {
        while (!content.contains(blob.digest())) {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            CompletableFuture<Void> other = running.putIfAbsent(blob.digest(), mine);
            if (other == null) {
                lead(blob.digest(), mine, download);
                return;
            }
            follow(other);
        }
    }

    private void lead(Digest digest, CompletableFuture<Void> mine, Runnable download) {
        try {
            if (!content.contains(digest)) {
                download.run();
            }
            mine.complete(null);
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(digest, mine);
        }
    }

    private static void follow(CompletableFuture<Void> other) {
        try {
            other.join();
        } catch (CompletionException e) {
            // A refusal was meant for the other's credentials or repository; this caller may be luckier with its own.
            boolean shared =
                    e.getCause() instanceof NodeException failure && failure.kind() == NodeException.Kind.TRANSIENT;
            if (shared) {
                throw (NodeException) e.getCause();
            }
        }
    }
}
