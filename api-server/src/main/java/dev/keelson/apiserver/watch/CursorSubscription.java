package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A reader of one resource's events that remembers only how far it has come. What it has not read yet stays in the
 * shared window or, when it falls far behind, in the log of the database; so a slow or paused reader costs no memory
 * and delays nobody. All but the {@link WatchCache.Subscription} methods run on the cache's thread.
 */
final class CursorSubscription implements WatchCache.Subscription {
    /** Also the most that is delivered after {@link #pause()}: it takes effect between two deliveries. */
    private static final int BATCH = 256;

    /** However large objects are, a delivery stays small; one object always goes. */
    private static final long BATCH_BYTES = 256 * 1024;

    /**
     * Who was told of something so shortly ago is told of the next events together: at a thousand writes a second each event
     * by itself costs its readers, and the network between, several times as much.
     */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long RETRY_MILLIS = 500;
    private static final int MOST_FAILURES = 60;

    private final HistoryReader history;
    private final HistoryPages pages;
    private final Subscriptions.Interest interest;
    private final WatchCache.Subscriber subscriber;
    private final ScheduledExecutorService cacheThread;
    /** Set by {@link #start}, which the cache's thread runs before any other task of this subscription. */
    private ResourceView view;

    private Revision cursor;
    private Revision told;
    private boolean fetching;
    /** What has been read out of history for this subscriber. */
    private long replayedBytes;
    /** Whether it has one of the few large pages, and has not taken all of it yet. */
    private boolean largePage;

    /** Whether nothing that concerns this subscriber was left when it was last asked. */
    private boolean caughtUp;

    /** When events were last delivered, by {@link System#nanoTime()}. */
    private long delivered = System.nanoTime() - REST_NANOS;

    private boolean resting;
    private int failures;
    private volatile boolean paused;
    private volatile boolean closed;

    CursorSubscription(
            HistoryReader history,
            HistoryPages pages,
            String namespace,
            Revision from,
            WatchCache.Subscriber subscriber,
            ScheduledExecutorService cacheThread) {
        this.history = history;
        this.pages = pages;
        this.interest =
                new Subscriptions.Interest(namespace, subscriber.onlyName().orElse(""));
        this.cursor = from;
        this.told = from;
        this.subscriber = subscriber;
        this.cacheThread = cacheThread;
    }

    Subscriptions.Interest interest() {
        return interest;
    }

    void start(ResourceView resource) {
        view = resource;
        if (!closed) {
            view.subscriptions().add(this);
            pump();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        cacheThread.execute(this::pump);
    }

    @Override
    public void cancel() {
        closed = true;
        cacheThread.execute(() -> {
            pageTaken();
            view.subscriptions().remove(this);
        });
    }

    /** Something has happened that concerns this subscriber. */
    void wake() {
        long rest = REST_NANOS - (System.nanoTime() - delivered);
        if (rest <= 0) {
            pump();
            return;
        }
        // Before it is said how far all have been told: this one has not.
        skipWhatWasForOthers();
        caughtUp = false;
        if (!resting) {
            resting = true;
            cacheThread.schedule(this::rested, rest, TimeUnit.NANOSECONDS);
        }
    }

    private void rested() {
        resting = false;
        pump();
    }

    /** Delivers what is there, until the subscriber has seen all, pauses, or must wait for the database. */
    void pump() {
        skipWhatWasForOthers();
        caughtUp = false;
        while (!closed && !paused && !fetching && subscriber.ready()) {
            pageTaken();
            if (cursor.compareTo(view.floor()) < 0) {
                fetch(view.floor());
                return;
            }
            List<WatchEvent> events = view.after(cursor, BATCH, BATCH_BYTES);
            if (events.isEmpty()) {
                caughtUp = true;
                return;
            }
            deliver(events);
        }
    }

    /** Nobody tells a subscriber of changes that do not concern it, so its cursor stays behind. */
    private void skipWhatWasForOthers() {
        Revision offered = view.subscriptions().offered();
        if (caughtUp && offered.compareTo(cursor) > 0) {
            cursor = offered;
        }
    }

    /** Tells a subscriber that has seen everything how far that reaches. */
    void progress(Revision revision) {
        skipWhatWasForOthers();
        boolean behind = cursor.compareTo(view.floor()) < 0 || view.hasAfter(cursor);
        if (closed || paused || fetching || behind || revision.compareTo(told) <= 0) {
            return;
        }
        cursor = revision.compareTo(cursor) > 0 ? revision : cursor;
        told = revision;
        guarded(() -> subscriber.onProgress(revision));
    }

    void close(Throwable cause) {
        if (!closed) {
            closed = true;
            pageTaken();
            view.subscriptions().remove(this);
            guarded(() -> subscriber.onClose(cause));
        }
    }

    private void fetch(Revision upTo) {
        fetching = true;
        largePage = pages.takeLarge(replayedBytes);
        ReadLimit page = largePage ? HistoryPages.LARGE : HistoryPages.SMALL;
        history.read(view.scope(), cursor, upTo, page)
                .whenCompleteAsync((changes, error) -> fetched(changes, error, page, upTo), cacheThread);
    }

    private void pageTaken() {
        if (largePage) {
            largePage = false;
            pages.giveLargeBack();
        }
    }

    private void fetched(List<Change> changes, Throwable error, ReadLimit page, Revision upTo) {
        fetching = false;
        if (error != null) {
            failed(HistoryReader.cause(error));
            return;
        }
        failures = 0;
        replayedBytes += ReadLimit.bytes(changes);
        if (!changes.isEmpty() && !closed) {
            deliver(changes.stream().map(ResourceView::replay).toList());
        }
        if (!page.reachedBy(changes) && cursor.compareTo(upTo) < 0) {
            cursor = upTo;
        }
        pump();
    }

    /** A database that is away for a moment is no reason to send the subscriber away. */
    private void failed(Throwable cause) {
        boolean passing = cause instanceof StorageException refused
                && refused.kind() == StorageException.Kind.UNAVAILABLE
                && ++failures < MOST_FAILURES;
        if (passing) {
            cacheThread.schedule(this::pump, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            close(cause);
        }
    }

    private void deliver(List<WatchEvent> events) {
        cursor = events.getLast().revision();
        List<WatchEvent> wanted = interest.everything()
                ? events
                : events.stream().filter(event -> interest.covers(event.key())).toList();
        if (!wanted.isEmpty()) {
            // Not the cursor: what came after it in this batch was for others, and this subscriber heard nothing of it.
            told = wanted.getLast().revision();
            delivered = System.nanoTime();
            guarded(() -> subscriber.onEvents(wanted));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            // One broken subscriber must not stop the thread that serves all the others.
            close(failure);
        }
    }
}
