package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.reply.Failures;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client's watch: events go out as they come in; when the socket is full the subscription pauses, so a slow client
 * costs no memory. Everything but {@link WatchCache.Subscriber}'s methods runs on the connection's event loop.
 */
final class WatchStream implements WatchCache.Subscriber {
    /** As often as Kubernetes sends bookmarks. */
    private static final Duration BOOKMARK_INTERVAL = Duration.ofMinutes(1);
    /** An unread watch holds this much, as much again that is under way, and one object. */
    static final int QUEUE = 16 * 1024;

    /** More is not asked for while this much waits: what comes out of history is held for this watch alone. */
    private static final long MOST_UNDER_WAY = 16 * 1024;
    /** A client takes something of the initial events at least this often. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Exchange exchange;
    private final Context context;
    private final WatchSink sink;
    private final WatchEventWriter writer;
    private final boolean bookmarks;

    private final InitialEvents initial;
    private final Outgoing outgoing = new Outgoing();
    /** Bytes of events that are not yet given to the connection. */
    private final AtomicLong underWay = new AtomicLong();

    private Optional<WatchCache.Subscription> subscription = Optional.empty();
    private CompletableFuture<Void> encoded = CompletableFuture.completedFuture(null);
    /** Whether {@link #ready()} has said no since the last time that events were asked for. */
    private volatile boolean held;

    private Revision seen;
    /** As far as events were for others, when all before them are sent. */
    private volatile Revision skipped;

    private Revision bookmarked;
    private boolean paused;
    private boolean ended;
    /** Whether the end has come, but not all is sent. */
    private boolean ending;

    private long endTimer = -1;
    private long patienceTimer = -1;
    private long bookmarkTimer = -1;

    WatchStream(
            Vertx vertx,
            Exchange exchange,
            WatchSink sink,
            WatchEventWriter writer,
            boolean bookmarks,
            InitialEvents initial) {
        this.vertx = vertx;
        this.exchange = exchange;
        this.context = exchange.context();
        this.sink = sink;
        this.writer = writer;
        this.bookmarks = bookmarks;
        this.initial = initial;
        this.seen = initial.revision();
        this.skipped = initial.revision();
        this.bookmarked = initial.revision();
    }

    /**
     * Sends what the watch begins with.
     *
     * @param then called when all of that is on its way
     */
    void open(Duration timeout, Runnable then) {
        exchange.onEnd(this::close);
        long millis = Math.max(1, timeout.toMillis());
        endTimer = vertx.setTimer(millis, timer -> timeUp());
        sendInitial(then);
        if (bookmarks && !ended) {
            bookmarkTimer = vertx.setPeriodic(BOOKMARK_INTERVAL.toMillis(), timer -> bookmark());
        }
    }

    /** A piece at a time, so that one large list does not keep the others on this event loop waiting. */
    private void sendInitial(Runnable then) {
        if (ended || ending) {
            return;
        }
        if (!initial.hasNext()) {
            vertx.cancelTimer(patienceTimer);
            sink.onRoom(this::flush);
            then.run();
        } else if (sink.full()) {
            sink.onRoom(() -> sendInitial(then));
            vertx.cancelTimer(patienceTimer);
            patienceTimer = vertx.setTimer(PATIENCE.toMillis(), timer -> abandon());
        } else {
            sink.write(initial.next());
            context.runOnContext(next -> sendInitial(then));
        }
    }

    /** Whoever takes nothing of the beginning for so long keeps old objects in memory for nobody. */
    private void abandon() {
        if (!ended) {
            close();
            sink.abandon();
        }
    }

    void attach(WatchCache.Subscription events) {
        if (ended || ending) {
            events.cancel();
            return;
        }
        subscription = Optional.of(events);
        flush();
    }

    /** Ends the stream with a Status event, as Kubernetes does once the answer has begun. */
    void fail(ApiFailure failure) {
        if (!ended && !ending) {
            outgoing.add(List.of(writer.error(failure).getBytes()));
            end();
        }
    }

    @Override
    public Optional<String> onlyName() {
        return writer.onlyName();
    }

    @Override
    public boolean ready() {
        // In this order: the event loop lowers the count before it looks at the flag, so one of the two sees the other.
        held = true;
        boolean room = underWay.get() < MOST_UNDER_WAY;
        if (room) {
            held = false;
        }
        return room;
    }

    @Override
    public void onEvents(List<WatchEvent> events) {
        Revision last = events.getLast().revision();
        if (writer.encodesAtOnce()) {
            List<byte[]> out = writer.encode(events);
            if (out.isEmpty()) {
                // Most events are for others: a task on the event loop for each would cost more than all that are sent.
                skipped = last;
            } else {
                long size = Outgoing.length(out);
                underWay.addAndGet(size);
                send(out, last, size);
            }
            return;
        }
        long size =
                events.stream().mapToLong(event -> event.object().json().length).sum();
        underWay.addAndGet(size);
        // Somebody else is asked about every event: in their order, but not on the cache's thread.
        encoded = encoded.thenRunAsync(() -> send(writer.encode(events), last, size), Thread::startVirtualThread)
                .exceptionally(failed -> {
                    onClose(
                            failed instanceof CompletionException && failed.getCause() != null
                                    ? failed.getCause()
                                    : failed);
                    return null;
                });
    }

    /** @param counted what these events are counted with as under way */
    private void send(List<byte[]> out, Revision last, long counted) {
        context.runOnContext(event -> {
            underWay.addAndGet(Outgoing.length(out) - counted);
            if (ended || ending) {
                return;
            }
            seen = last;
            if (!out.isEmpty()) {
                bookmarked = last;
                outgoing.add(out);
            }
            flush();
        });
    }

    /** Gives the connection as much as it takes, and asks for more when all is given. */
    private void flush() {
        if (ended) {
            return;
        }
        while (!outgoing.isEmpty() && !sink.full()) {
            Buffer piece = outgoing.next(QUEUE);
            sink.write(piece);
            underWay.addAndGet(-piece.length());
        }
        if (ending && outgoing.isEmpty()) {
            finish();
        } else if (sink.full()) {
            paused = true;
            subscription.ifPresent(WatchCache.Subscription::pause);
        } else if (paused || held && underWay.get() < MOST_UNDER_WAY) {
            paused = false;
            held = false;
            subscription.ifPresent(WatchCache.Subscription::resume);
        }
    }

    @Override
    public void onProgress(Revision revision) {
        context.runOnContext(event -> {
            // Events before this revision may still be on their way through a conversion: a bookmark would skip them.
            if (underWay.get() == 0) {
                seen = revision;
            }
        });
    }

    @Override
    public void onClose(Throwable cause) {
        context.runOnContext(event -> fail(refusal(cause)));
    }

    /** Whoever watches from where history has ended must list again, which clients know by this reason (410). */
    private ApiFailure refusal(Throwable cause) {
        return cause instanceof StorageException e && e.kind() == StorageException.Kind.EXPIRED
                ? ApiFailure.expired("too old resource version: %s (%s)".formatted(seen, e.getMessage()))
                : Failures.refusal(cause);
    }

    private void bookmark() {
        // In this order: what comes before a skipped event is counted before that is noted.
        Revision others = skipped;
        if (underWay.get() == 0 && others.compareTo(seen) > 0) {
            seen = others;
        }
        boolean open = subscription.isPresent() && !ended && !ending;
        if (open && outgoing.isEmpty() && !sink.full() && seen.compareTo(bookmarked) > 0) {
            bookmarked = seen;
            sink.write(writer.bookmark(seen, false));
        }
    }

    /** The client comes back with the last revision that it was told, so it is told how far it has seen all. */
    private void timeUp() {
        if (bookmarks) {
            bookmark();
        }
        end();
    }

    /** What is on its way is sent first: a client must not get half an event. */
    private void end() {
        if (ended || ending) {
            return;
        }
        ending = true;
        subscription.ifPresent(WatchCache.Subscription::cancel);
        if (!outgoing.isEmpty()) {
            patienceTimer = vertx.setTimer(PATIENCE.toMillis(), timer -> abandon());
        }
        flush();
    }

    private void finish() {
        close();
        sink.end();
    }

    private void close() {
        ended = true;
        subscription.ifPresent(WatchCache.Subscription::cancel);
        vertx.cancelTimer(endTimer);
        vertx.cancelTimer(patienceTimer);
        vertx.cancelTimer(bookmarkTimer);
    }
}
