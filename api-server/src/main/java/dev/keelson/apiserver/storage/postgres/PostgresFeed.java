package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One sequence read by hand-written SQL: its tail is on the path of every event, its start on that of every start. */
final class PostgresFeed implements ChangeFeed {
    private static final int PAGE = 500;
    private static final Change.Kind[] KINDS = Change.Kind.values();

    private final Pool pool;
    private final FeedSql sql;
    private final short sequence;
    private volatile Optional<Listener> listener = Optional.empty();

    PostgresFeed(Pool pool, Sequence sequence) {
        this.pool = pool;
        this.sql = FeedSql.of(sequence);
        this.sequence = (short) sequence.ordinal();
    }

    void committed(List<Change> changes) {
        listener.ifPresent(each -> each.committed(changes));
    }

    void wake() {
        listener.ifPresent(Listener::wake);
    }

    @Override
    public CompletionStage<Revision> load(Consumer<List<Stored>> sink) {
        return answered(() -> pool.withTransaction(connection -> connection
                .query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .execute()
                // Before the snapshot is taken: a part of the log that is dropped would be missing in it.
                .compose(set -> connection
                        .query("LOCK TABLE revision_log IN ACCESS SHARE MODE")
                        .execute())
                .compose(locked -> revision(connection))
                .compose(revision -> connection
                        .prepare(sql.load())
                        .compose(statement -> page(statement.cursor(), sink))
                        .map(loaded -> revision))));
    }

    @Override
    public CompletionStage<Revision> current() {
        return answered(() ->
                pool.preparedQuery(FeedSql.CURRENT).execute(Tuple.of(sequence)).map(PostgresFeed::first));
    }

    @Override
    public CompletionStage<List<Change>> readAfter(Revision after, ReadLimit limit) {
        return answered(() -> pool.preparedQuery(sql.readAfter())
                .execute(Tuple.of(after.value(), limit.changes(), limit.bytes()))
                .map(rows -> changes(rows, false)));
    }

    @Override
    public CompletionStage<List<Change>> history(Scope scope, Revision after, Revision upTo, ReadLimit limit) {
        Tuple arguments =
                Tuple.of(scope.group(), scope.resource(), after.value(), upTo.value(), limit.changes(), limit.bytes());
        // The floor is read after the rows: retention raises it before it removes anything.
        return answered(
                () -> pool.preparedQuery(sql.history()).execute(arguments).compose(rows -> pool.preparedQuery(
                                FeedSql.FLOOR)
                        .execute(Tuple.of(sequence))
                        .map(PostgresFeed::first)
                        .map(floor -> checked(rows, after, floor))));
    }

    @Override
    public void listen(Listener newListener) {
        listener = Optional.of(newListener);
    }

    private List<Change> checked(RowSet<Row> rows, Revision after, Revision floor) {
        if (after.compareTo(floor) < 0) {
            throw new StorageException(
                    StorageException.Kind.EXPIRED,
                    "revision %s is too old: history is kept after revision %s".formatted(after, floor));
        }
        return changes(rows, true);
    }

    private Future<Revision> revision(SqlConnection connection) {
        return connection
                .preparedQuery(FeedSql.CURRENT)
                .execute(Tuple.of(sequence))
                .map(PostgresFeed::first);
    }

    private static Future<Void> page(Cursor cursor, Consumer<List<Stored>> sink) {
        return cursor.read(PAGE).compose(rows -> {
            List<Stored> objects = new ArrayList<>(rows.size());
            rows.forEach(row -> objects.add(stored(row)));
            sink.accept(objects);
            return cursor.hasMore() ? page(cursor, sink) : cursor.close();
        });
    }

    private static List<Change> changes(RowSet<Row> rows, boolean withPrevious) {
        List<Change> changes = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Stored object = stored(row);
            changes.add(new Change(
                    KINDS[row.getInteger("kind")], object, withPrevious ? previous(row, object) : Optional.empty()));
        }
        return changes;
    }

    static Stored stored(Row row) {
        ObjectKey key = new ObjectKey(
                row.getString("api_group"),
                row.getString("resource"),
                row.getString("namespace"),
                row.getString("name"));
        return new Stored(
                key,
                row.getString("uid"),
                new Revision(row.getLong("revision")),
                row.getBuffer("json").getBytes());
    }

    private static Optional<Stored> previous(Row row, Stored object) {
        Buffer json = row.getBuffer("previous_json");
        return Optional.ofNullable(json)
                .map(bytes -> new Stored(
                        object.key(), object.uid(), new Revision(row.getLong("previous_revision")), bytes.getBytes()));
    }

    private static Revision first(RowSet<Row> rows) {
        return new Revision(rows.iterator().next().getLong(0));
    }

    /** A failure to read is the database's unavailability, whatever the driver calls it. */
    static <T> CompletionStage<T> answered(Supplier<Future<T>> read) {
        Promise<T> promise = Promise.promise();
        begun(read).onComplete(done -> {
            if (done.succeeded()) {
                promise.complete(done.result());
            } else if (done.cause() instanceof StorageException refused) {
                promise.fail(refused);
            } else {
                promise.fail(new StorageException(
                        StorageException.Kind.UNAVAILABLE,
                        "the database cannot be read: " + done.cause().getMessage(),
                        done.cause()));
            }
        });
        return promise.future().toCompletionStage();
    }

    private static <T> Future<T> begun(Supplier<Future<T>> read) {
        try {
            return read.get();
        } catch (RejectedExecutionException ended) {
            // The server is stopping, and its event loops have gone first.
            return Future.failedFuture(ended);
        }
    }
}
