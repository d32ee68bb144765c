package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Sequence;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * The one connection that a process commits on in a sequence, with the statements prepared, and the name under which
 * the database remembers its last batch. Used from one event loop.
 */
final class WriterConnection {
    /** What the database said of each write of a batch: the revision or a negative code, and the uid. */
    record Answer(Long[] outcome, String[] uids) {
        private static Answer ofMany(RowSet<Row> rows) {
            Row row = rows.iterator().next();
            return new Answer(row.getArrayOfLongs("outcome"), row.getArrayOfStrings("uids"));
        }

        private static Answer ofOne(RowSet<Row> rows) {
            Row row = rows.iterator().next();
            return new Answer(new Long[] {row.getLong("outcome")}, new String[] {row.getString("uid")});
        }

        private static Answer ofUpdates(RowSet<Row> rows) {
            Row row = rows.iterator().next();
            long base = row.getLong("base");
            String[] uids = row.getArrayOfStrings("uids");
            Long[] outcome =
                    LongStream.rangeClosed(base + 1, base + uids.length).boxed().toArray(Long[]::new);
            return new Answer(outcome, uids);
        }
    }

    /** For one update alone, and for a batch of such commits. */
    private record Updates(PreparedStatement one, PreparedStatement many) {}

    /** @param updates heartbeats have none */
    private record Open(SqlConnection connection, PreparedStatement commit, Optional<Updates> updates) {}

    private static final String COMMIT_UPDATE =
            "SELECT outcome, uid FROM commit_update($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String COMMIT_UPDATES =
            "SELECT base, uids FROM commit_updates($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String COMMIT = "SELECT outcome, uids FROM %s($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11%s)";
    /** A plan is kept for as long as the connection: it must not be made for a table that was still empty. */
    private static final String ALWAYS_BY_KEY = """
            SET enable_seqscan = off;
            SET enable_hashjoin = off;
            SET enable_mergejoin = off;
            SET plan_cache_mode = force_generic_plan
            """;

    /** Rolled back: not every update of the batch holds. */
    private static final String UNJUDGED = "KE002";

    private static final Long[] NO_REVISIONS = {};

    private final Pool pool;
    private final Sequence sequence;
    private final String commitSql;
    private UUID writer = UUID.randomUUID();
    private Optional<Open> open = Optional.empty();

    WriterConnection(Pool pool, Sequence sequence) {
        this.pool = pool;
        this.sequence = sequence;
        this.commitSql = sequence == Sequence.LOG
                ? COMMIT.formatted("commit_writes", ", $12")
                : COMMIT.formatted("commit_heartbeats", "");
    }

    /** Connects when necessary, so that a failure of {@link #commit} can only mean that the batch was sent. */
    Future<Void> ready() {
        return open.isPresent() ? Future.succeededFuture() : connect();
    }

    Future<Answer> commit(Batch batch) {
        Open connected = open.orElseThrow();
        return connected
                .updates()
                .flatMap(statements -> update(statements, batch, connected))
                .orElseGet(() -> judge(batch, connected));
    }

    /** The short ways, for batches that are nothing but updates. */
    private Optional<Future<Answer>> update(Updates statements, Batch batch, Open connected) {
        Optional<Tuple> single = batch.singleUpdate(writer);
        if (single.isPresent()) {
            return single.map(
                    arguments -> statements.one().query().execute(arguments).map(Answer::ofOne));
        }
        return batch.updates(writer).map(arguments -> statements
                .many()
                .query()
                .execute(arguments)
                .map(Answer::ofUpdates)
                .recover(error -> unjudged(error) ? judge(batch, connected) : Future.failedFuture(error)));
    }

    private Future<Answer> judge(Batch batch, Open connected) {
        return connected
                .commit()
                .query()
                .execute(batch.arguments(writer, sequence))
                .map(Answer::ofMany);
    }

    private static boolean unjudged(Throwable error) {
        return error instanceof PgException refused && refused.getSqlState().equals(UNJUDGED);
    }

    /** What became of a batch: its outcome, or an empty one when it did not happen and never will. */
    Future<Long[]> resolve(long number) {
        return query("SELECT resolve_batch($1::smallint, $2, $3)", Tuple.of((short) sequence.ordinal(), writer, number))
                .map(row -> row.getArrayOfLongs(0))
                .map(outcome -> Optional.ofNullable(outcome).orElse(NO_REVISIONS));
    }

    /** The uids of changes by revision, for a batch whose answer was lost; empty for what got no revision. */
    Future<String[]> uids(Long[] revisions) {
        String table = sequence == Sequence.LOG ? "revision_log" : "heartbeat";
        return query(
                        "SELECT array_agg(coalesce(l.uid, '') ORDER BY ord) FROM unnest($1::bigint[]) WITH ORDINALITY"
                                + " AS r(revision, ord) LEFT JOIN " + table + " l USING (revision)",
                        Tuple.of(revisions))
                .map(row -> row.getArrayOfStrings(0));
    }

    Future<Void> ensurePartitions() {
        return query(
                        "SELECT ensure_partitions(value + 1) FROM revision_counter WHERE sequence = $1::smallint",
                        Tuple.of((short) sequence.ordinal()))
                .mapEmpty();
    }

    /** Takes a new name after the database has forgotten the old one. */
    Future<Void> rename() {
        writer = UUID.randomUUID();
        return register(open.orElseThrow().connection());
    }

    void close() {
        open.ifPresent(each -> each.connection().close());
        open = Optional.empty();
    }

    private Future<Row> query(String sql, Tuple arguments) {
        return open.orElseThrow()
                .connection()
                .preparedQuery(sql)
                .execute(arguments)
                .map(rows -> rows.iterator().next());
    }

    private Future<Void> connect() {
        return pool.getConnection().compose(connection -> register(connection)
                .compose(registered -> prepare(connection))
                .onSuccess(prepared -> {
                    open = Optional.of(prepared);
                    connection.closeHandler(closed -> open = Optional.empty());
                    // The batch that fails with it tells; without a handler the client prints a stack trace as well.
                    connection.exceptionHandler(lost -> open = Optional.empty());
                })
                .onFailure(error -> connection.close())
                .mapEmpty());
    }

    private Future<Open> prepare(SqlConnection connection) {
        return connection
                .query(ALWAYS_BY_KEY)
                .execute()
                .compose(set -> updates(connection))
                .compose(updates -> connection.prepare(commitSql).map(commit -> new Open(connection, commit, updates)));
    }

    private Future<Optional<Updates>> updates(SqlConnection connection) {
        if (sequence != Sequence.LOG) {
            return Future.succeededFuture(Optional.empty());
        }
        return connection
                .prepare(COMMIT_UPDATE)
                .compose(one -> connection.prepare(COMMIT_UPDATES).map(many -> Optional.of(new Updates(one, many))));
    }

    private Future<Void> register(SqlConnection connection) {
        return connection
                .preparedQuery("INSERT INTO writer VALUES ($1, 0, '{}', clock_timestamp()) ON CONFLICT DO NOTHING")
                .execute(Tuple.of(writer))
                .mapEmpty();
    }
}
