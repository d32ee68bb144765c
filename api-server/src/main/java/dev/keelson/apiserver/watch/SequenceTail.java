package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Follows one feed without a gap. A batch of this process that begins right after what was seen is taken as it is;
 * otherwise someone else committed in between, and the database is read from the last seen revision on.
 *
 * <p>Confined to the cache's thread, except for the listener's methods and {@link #revision()}.
 */
final class SequenceTail implements ChangeFeed.Listener {
    private static final Logger LOG = System.getLogger(SequenceTail.class.getName());
    private static final ReadLimit PAGE = new ReadLimit(500, 8L * 1024 * 1024);

    /** What the tail does with what it reads. */
    interface Sink {
        /** The changes that follow what was applied before. */
        void apply(List<Change> changes);

        /** The store no longer continues what was seen: everything must be loaded again. */
        void lost(String reason);
    }

    private final Sequence sequence;
    private final ChangeFeed feed;
    private final Executor cacheThread;
    private final Sink sink;
    private volatile Revision revision = Revision.NONE;
    private boolean reading = true;
    /** Grows with each suspension, so that an answer from before it is not taken. */
    private int epoch;

    /** A revision that the store is known to have: a read that begins now finds it, or history no longer has it. */
    private Revision promised = Revision.NONE;

    private boolean again;
    private boolean failing;

    SequenceTail(Sequence sequence, ChangeFeed feed, Executor cacheThread, Sink sink) {
        this.sequence = sequence;
        this.feed = feed;
        this.cacheThread = cacheThread;
        this.sink = sink;
    }

    Revision revision() {
        return revision;
    }

    /** Begins to follow after a load that reflects the revision. */
    void startAt(Revision loaded) {
        revision = loaded;
        reading = false;
        read();
    }

    /** Stops applying until {@link #startAt}. */
    void suspend() {
        reading = true;
        epoch++;
    }

    /** Makes up for a hint that was lost, and notices a store that was put back to an earlier state. */
    void poll() {
        Revision seen = revision;
        int asked = epoch;
        feed.current()
                .whenCompleteAsync(
                        (current, error) -> {
                            if (error == null && asked == epoch && !seen.equals(Revision.NONE)) {
                                polled(seen, current);
                            }
                        },
                        cacheThread);
    }

    private void polled(Revision seen, Revision current) {
        if (current.compareTo(seen) < 0) {
            sink.lost("the store is at revision %s after %s was seen: it was put back".formatted(current, seen));
        } else if (current.compareTo(revision) > 0) {
            promised = current;
            read();
        }
    }

    @Override
    public void committed(List<Change> changes) {
        cacheThread.execute(() -> follow(changes));
    }

    @Override
    public void wake() {
        cacheThread.execute(this::read);
    }

    private void follow(List<Change> changes) {
        if (reading) {
            again = true;
            return;
        }
        int fresh = 0;
        while (fresh < changes.size() && changes.get(fresh).revision().compareTo(revision) <= 0) {
            fresh++;
        }
        if (fresh == changes.size()) {
            return;
        }
        if (changes.get(fresh).revision().value() == revision.value() + 1) {
            take(changes.subList(fresh, changes.size()));
        } else {
            read();
        }
    }

    private void read() {
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        int asked = epoch;
        Revision due = promised;
        feed.readAfter(revision, PAGE)
                .whenCompleteAsync(
                        (changes, error) -> {
                            if (asked == epoch) {
                                finish(changes, error, due);
                            }
                        },
                        cacheThread);
    }

    private void finish(List<Change> changes, Throwable error, Revision due) {
        reading = false;
        if (error != null) {
            // The poll tries again; say it once, not every second of an outage.
            if (!failing) {
                LOG.log(Level.WARNING, "cannot follow the store sequence={0} error=\"{1}\"", sequence, error);
            }
            failing = true;
            return;
        }
        failing = false;
        if (!changes.isEmpty() && !continues(changes)) {
            sink.lost("the log continues at revision %s after %s"
                    .formatted(changes.getFirst().revision(), revision));
            return;
        }
        if (!changes.isEmpty()) {
            take(changes);
        } else if (due.compareTo(revision) > 0) {
            // Away for longer than history is kept: what would follow is gone, and nothing new may ever be written.
            sink.lost("nothing is kept after revision %s, but the store is at %s".formatted(revision, due));
            return;
        }
        if (again || PAGE.reachedBy(changes)) {
            read();
        }
    }

    /** Only the log promises that no revision is missing; superseded heartbeats are not kept. */
    private boolean continues(List<Change> changes) {
        long first = changes.getFirst().revision().value();
        long last = changes.getLast().revision().value();
        return sequence == Sequence.HEARTBEAT || (first == revision.value() + 1 && last - first + 1 == changes.size());
    }

    private void take(List<Change> changes) {
        try {
            sink.apply(changes);
        } catch (RuntimeException failure) {
            // Part of it may have been applied; only a fresh start is certain to be right.
            sink.lost("a change could not be applied: " + failure);
        }
    }

    /** Called by the sink once readers can see everything up to the revision. */
    void advanceTo(Revision applied) {
        revision = applied;
    }
}
