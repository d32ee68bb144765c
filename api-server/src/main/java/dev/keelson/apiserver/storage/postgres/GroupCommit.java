package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.StorageException.Kind;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Commits of one sequence, grouped: while one batch is on its way to disk, what arrives waits and becomes the next one.
 * One batch is under way at a time. All state belongs to one event loop, which callers wake only when it does not look
 * for more by itself: while batches are under way it looks after each.
 *
 * <p>When the connection is lost with a batch under way, the batch is neither repeated nor reported until the database
 * has said whether it was committed.
 */
final class GroupCommit {
    private static final Logger LOG = System.getLogger(GroupCommit.class.getName());
    private static final long RETRY_MILLIS = 100;
    private static final long TICK_MILLIS = 250;

    private final Vertx vertx;
    private final Context context;
    private final WriterConnection connection;
    private final Sequence sequence;
    private final Duration patience;
    private final Consumer<List<Change>> committed;
    /** What callers have left for the event loop. */
    private final Queue<PendingCommit> arrived = new ConcurrentLinkedQueue<>();
    /** Whether the event loop is going to look at what has arrived. */
    private final AtomicBoolean attended = new AtomicBoolean();

    private final Deque<PendingCommit> queue = new ArrayDeque<>();
    private Batch underWay = new Batch(0, List.of());
    private long batches;
    private boolean busy;
    private boolean ticking;
    private boolean troubled;
    private boolean closed;

    /**
     * @param patience how long a commit waits for the database before it fails with {@code UNAVAILABLE}
     * @param committed hears of each batch in order, after the batch's callers
     */
    GroupCommit(Vertx vertx, Pool pool, Sequence sequence, Duration patience, Consumer<List<Change>> committed) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.connection = new WriterConnection(pool, sequence);
        this.sequence = sequence;
        this.patience = patience;
        this.committed = committed;
    }

    CompletionStage<List<Stored>> commit(List<Write> writes, String author) {
        PendingCommit pending = new PendingCommit(writes, author, System.nanoTime() + patience.toNanos());
        arrived.add(pending);
        if (attended.compareAndSet(false, true)) {
            try {
                context.runOnContext(ignored -> attend());
            } catch (RejectedExecutionException ended) {
                // The server is stopping, and its event loops have gone first.
                attended.set(false);
                pending.answer().completeExceptionally(unavailable("is closed"));
            }
        }
        return pending.answer();
    }

    void close() {
        context.runOnContext(ignored -> {
            closed = true;
            connection.close();
            collect();
        });
    }

    /** Runs only while nothing is under way: what is under way looks again by itself. */
    private void attend() {
        next();
        if (busy && !ticking) {
            ticking = true;
            vertx.setTimer(TICK_MILLIS, timer -> tick());
        }
    }

    /** Takes over what has arrived. */
    private void collect() {
        PendingCommit commit = arrived.poll();
        while (commit != null) {
            queue.add(commit);
            commit = arrived.poll();
        }
        if (closed) {
            queue.forEach(late -> late.answer().completeExceptionally(unavailable("is closed")));
            queue.clear();
        }
    }

    private void next() {
        collect();
        busy = !queue.isEmpty();
        if (!busy) {
            rest();
            return;
        }
        connection.ready().onComplete(connected -> {
            if (connected.failed()) {
                trouble(connected.cause());
                later(this::next);
            } else if (queue.isEmpty()) {
                next();
            } else {
                send(Batch.take(++batches, queue));
            }
        });
    }

    /** From now on callers wake the event loop; who came just before saw it awake. */
    private void rest() {
        attended.set(false);
        if (!arrived.isEmpty() && attended.compareAndSet(false, true)) {
            attend();
        }
    }

    private void send(Batch batch) {
        underWay = batch;
        connection.commit(batch).onComplete(answer -> {
            if (answer.succeeded()) {
                finish(batch, answer.result().outcome(), answer.result().uids());
            } else {
                failed(batch, answer.cause());
            }
        });
    }

    private void finish(Batch batch, Long[] outcome, String[] uids) {
        troubled = false;
        // The database first: it has nothing to do until it is given the next batch.
        next();
        // Then the callers: they wait, and whoever hears of the batch has work for another thread, which takes their
        // processor.
        batch.answer(outcome, uids);
        List<Change> changes = batch.changes(outcome, uids);
        if (!changes.isEmpty()) {
            committed.accept(changes);
        }
    }

    private void failed(Batch batch, Throwable error) {
        switch (Failure.of(error)) {
            case UNKNOWN -> {
                trouble(error);
                connection.close();
                resolve(batch);
            }
            case RETRY -> again(batch);
            case NO_PARTITION -> connection.ensurePartitions().onComplete(done -> again(batch));
            case FORGOTTEN -> connection.rename().onComplete(done -> again(batch));
            case UNABLE -> {
                trouble(error);
                batch.commits().forEach(commit -> commit.answer()
                        .completeExceptionally(unavailable("cannot write: " + error.getMessage())));
                later(this::next);
            }
            case REFUSED -> narrow(batch, error);
        }
    }

    /** Asks until there is an answer: nothing else may be committed before it is known what was. */
    private void resolve(Batch batch) {
        connection
                .ready()
                .compose(connected -> connection.resolve(batch.number()))
                .compose(outcome -> connection.uids(outcome).map(uids -> new Object[] {outcome, uids}))
                .onSuccess(found -> {
                    Long[] outcome = (Long[]) found[0];
                    LOG.log(
                            Level.INFO,
                            "found out about a batch sequence={0} batch={1} committed={2}",
                            sequence,
                            batch.number(),
                            outcome.length > 0);
                    if (outcome.length > 0) {
                        finish(batch, outcome, (String[]) found[1]);
                    } else {
                        again(batch);
                    }
                })
                .onFailure(error -> {
                    trouble(error);
                    connection.close();
                    if (closed) {
                        batch.commits().forEach(this::abandon);
                    } else {
                        later(() -> resolve(batch));
                    }
                });
    }

    /** Puts a batch that was certainly not committed back, except for those whose callers have given up. */
    private void again(Batch batch) {
        List<PendingCommit> waiting = batch.commits().stream()
                .filter(commit -> !commit.answer().isDone())
                .toList();
        waiting.reversed().forEach(queue::addFirst);
        next();
    }

    /** Halves a batch until the write that the database cannot store stands alone and fails alone. */
    private void narrow(Batch batch, Throwable error) {
        List<PendingCommit> commits = batch.commits();
        if (commits.size() == 1) {
            LOG.log(Level.ERROR, "the database refused a commit sequence={0} error=\"{1}\"", sequence, error);
            commits.getFirst()
                    .answer()
                    .completeExceptionally(
                            new StorageException(Kind.INTERNAL, "the database refused: " + error.getMessage(), error));
            next();
            return;
        }
        int half = commits.size() / 2;
        List<PendingCommit> second = commits.subList(half, commits.size());
        second.reversed().forEach(queue::addFirst);
        send(new Batch(++batches, List.copyOf(commits.subList(0, half))));
    }

    private void tick() {
        collect();
        long now = System.nanoTime();
        queue.removeIf(commit -> {
            boolean late = commit.late(now);
            if (late) {
                commit.answer().completeExceptionally(unavailable("did not answer in " + patience.toMillis() + " ms"));
            }
            return late;
        });
        if (busy) {
            underWay.commits().stream().filter(commit -> commit.late(now)).forEach(this::abandon);
            vertx.setTimer(TICK_MILLIS, timer -> tick());
        } else {
            ticking = false;
        }
    }

    private void abandon(PendingCommit commit) {
        commit.answer()
                .completeExceptionally(unavailable("stopped answering; whether this was stored is not known, read it"));
    }

    private void later(Runnable step) {
        vertx.setTimer(RETRY_MILLIS, timer -> step.run());
    }

    private void trouble(Throwable error) {
        if (!troubled) {
            LOG.log(Level.WARNING, "the database does not commit sequence={0} error=\"{1}\"", sequence, error);
        }
        troubled = true;
    }

    private static StorageException unavailable(String what) {
        return new StorageException(Kind.UNAVAILABLE, "the database " + what);
    }
}
