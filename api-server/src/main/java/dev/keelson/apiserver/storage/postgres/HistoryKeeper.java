package dev.keelson.apiserver.storage.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Removes history that is older than the retention window, and join tokens that have ended; has the next partition ready
 * before it is needed. Any number of servers may do so at the same time.
 */
final class HistoryKeeper {
    private static final Logger LOG = System.getLogger(HistoryKeeper.class.getName());

    private static final int MOVED_TOGETHER = 500;

    private final Vertx vertx;
    private final Pool pool;
    private final Duration retention;
    private final InstantSource clock;

    HistoryKeeper(Vertx vertx, Pool pool, Duration retention, InstantSource clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.retention = retention;
        this.clock = clock;
    }

    void every(Duration interval) {
        vertx.setPeriodic(interval.toMillis(), timer -> keep().onFailure(error ->
                LOG.log(Level.WARNING, "cannot tidy the history, trying again later error=\"{0}\"", error)));
    }

    /** The revision after which history is complete, once everything older is gone. */
    Future<Long> keep() {
        OffsetDateTime before = clock.instant().minus(retention).atOffset(ZoneOffset.UTC);
        return call("SELECT ensure_partitions(value + 1)::text FROM revision_counter WHERE sequence = 0", Tuple.tuple())
                .compose(ensured -> pool.query("DELETE FROM join_token WHERE expires_at <= clock_timestamp()")
                        .execute())
                .compose(ended -> call("SELECT prune_heartbeats($1)", Tuple.of(before)))
                .compose(pruned -> call("SELECT raise_history_floor($1)", Tuple.of(before)))
                .compose(floor -> keepBytes()
                        .compose(kept -> call("SELECT drop_history_below_floor()", Tuple.tuple()))
                        .onSuccess(dropped -> tell(dropped, floor))
                        .map(dropped -> ((Number) floor).longValue()));
    }

    /** A few at a time: whoever changes one of them meanwhile waits. */
    private Future<Object> keepBytes() {
        return call("SELECT keep_bytes_below_floor($1)", Tuple.of(MOVED_TOGETHER))
                .compose(kept -> kept.equals(0) ? Future.succeededFuture(kept) : keepBytes());
    }

    private Future<Object> call(String sql, Tuple arguments) {
        return pool.preparedQuery(sql)
                .execute(arguments)
                .map(rows -> rows.iterator().next().getValue(0));
    }

    private static void tell(Object dropped, Object floor) {
        if (!dropped.equals(0)) {
            LOG.log(Level.INFO, "dropped old history partitions={0} floor={1}", dropped, floor);
        }
    }
}
