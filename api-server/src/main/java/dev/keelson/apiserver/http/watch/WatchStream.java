package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.reply.Failures;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One client's watch: events go out as they come in; when the socket is full the subscription pauses, so a slow client
 * costs no memory. Everything but {@link WatchCache.Subscriber}'s methods runs on the connection's event loop.
 */
final class WatchStream implements WatchCache.Subscriber {
    /** As often as Kubernetes sends bookmarks. */
    private static final Duration BOOKMARK_INTERVAL = Duration.ofMinutes(1);
    /** The last bookmark goes out this long before the watch ends. */
    private static final Duration BOOKMARK_LEAD = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Exchange exchange;
    private final Context context;
    private final HttpServerResponse response;
    private final WatchEventWriter writer;
    private final boolean bookmarks;

    private Optional<WatchCache.Subscription> subscription = Optional.empty();
    private CompletableFuture<Void> encoded = CompletableFuture.completedFuture(null);
    private Revision seen;
    private Revision bookmarked;
    private boolean ended;
    private long endTimer = -1;
    private long lastBookmarkTimer = -1;
    private long bookmarkTimer = -1;

    WatchStream(Vertx vertx, Exchange exchange, WatchEventWriter writer, boolean bookmarks, Revision from) {
        this.vertx = vertx;
        this.exchange = exchange;
        this.context = exchange.context();
        this.response = exchange.response();
        this.writer = writer;
        this.bookmarks = bookmarks;
        this.seen = from;
        this.bookmarked = from;
    }

    /** Sends the head and what the watch begins with. */
    void open(Buffer initial, Duration timeout) {
        response.setStatusCode(200)
                .putHeader("Content-Type", writer.contentType())
                .putHeader("Cache-Control", "no-cache, private")
                .setChunked(true);
        exchange.onEnd(this::close);
        response.exceptionHandler(broken -> close());
        response.drainHandler(drained -> subscription.ifPresent(WatchCache.Subscription::resume));
        // Also an empty write sends the head at once, which clients wait for.
        response.write(initial);
        long millis = Math.max(1, timeout.toMillis());
        endTimer = vertx.setTimer(millis, timer -> end());
        if (bookmarks) {
            bookmarkTimer = vertx.setPeriodic(BOOKMARK_INTERVAL.toMillis(), timer -> bookmark());
            if (millis > BOOKMARK_LEAD.toMillis()) {
                lastBookmarkTimer = vertx.setTimer(millis - BOOKMARK_LEAD.toMillis(), timer -> bookmark());
            }
        }
    }

    void attach(WatchCache.Subscription events) {
        if (ended) {
            events.cancel();
            return;
        }
        subscription = Optional.of(events);
        pauseWhenFull();
    }

    /** Ends the stream with a Status event, as Kubernetes does once the answer has begun. */
    void fail(ApiFailure failure) {
        if (!ended) {
            response.write(writer.error(failure));
            end();
        }
    }

    @Override
    public void onEvents(List<WatchEvent> events) {
        Revision last = events.getLast().revision();
        if (writer.encodesAtOnce()) {
            send(writer.encode(events), last);
            return;
        }
        // Somebody else is asked about every event: in their order, but not on the cache's thread.
        encoded = encoded.thenRunAsync(() -> send(writer.encode(events), last), Thread::startVirtualThread)
                .exceptionally(failed -> {
                    onClose(
                            failed instanceof CompletionException && failed.getCause() != null
                                    ? failed.getCause()
                                    : failed);
                    return null;
                });
    }

    private void send(Buffer out, Revision last) {
        context.runOnContext(event -> {
            if (ended) {
                return;
            }
            seen = last;
            if (out.length() > 0) {
                bookmarked = last;
                response.write(out);
                pauseWhenFull();
            }
        });
    }

    @Override
    public void onProgress(Revision revision) {
        context.runOnContext(event -> seen = revision);
    }

    @Override
    public void onClose(Throwable cause) {
        context.runOnContext(event -> fail(Failures.refusal(cause)));
    }

    private void pauseWhenFull() {
        if (response.writeQueueFull()) {
            subscription.ifPresent(WatchCache.Subscription::pause);
        }
    }

    private void bookmark() {
        if (!ended && seen.compareTo(bookmarked) > 0 && !response.writeQueueFull()) {
            bookmarked = seen;
            response.write(writer.bookmark(seen, false));
        }
    }

    private void end() {
        if (!ended) {
            close();
            response.end();
        }
    }

    private void close() {
        ended = true;
        subscription.ifPresent(WatchCache.Subscription::cancel);
        vertx.cancelTimer(endTimer);
        vertx.cancelTimer(lastBookmarkTimer);
        vertx.cancelTimer(bookmarkTimer);
    }
}
