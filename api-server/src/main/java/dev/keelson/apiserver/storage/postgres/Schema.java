package dev.keelson.apiserver.storage.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Brings the tables to the version that this server needs. Flyway takes most of a second to find out that there is
 * nothing to do, so one query decides whether it is needed at all.
 */
final class Schema {
    /** The newest file in {@code db/migration}. */
    static final int NEWEST = 9;

    private static final Logger LOG = System.getLogger(Schema.class.getName());
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String INSTALLED =
            "SELECT coalesce(max(version::int), 0) FROM flyway_schema_history WHERE success";

    private final Pool pool;
    private final Runnable migrate;

    /** @param migrate runs Flyway */
    Schema(Pool pool, Runnable migrate) {
        this.pool = pool;
        this.migrate = migrate;
    }

    /** Waits for the database and migrates it when its tables are older; blocks. */
    void bringUpToDate(Duration atMost) {
        int installed = awaitVersion(atMost);
        if (installed > NEWEST) {
            throw new IllegalStateException(
                    ("the database has tables of version %d and this server knows version %d: it was used by a newer"
                                    + " Keelson; start that one or restore a backup")
                            .formatted(installed, NEWEST));
        }
        if (installed < NEWEST) {
            LOG.log(Level.INFO, "migrating the database from={0} to={1}", installed, NEWEST);
            migrate.run();
        }
    }

    private int awaitVersion(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean told = false;
        while (true) {
            try {
                return installed();
            } catch (CompletionException away) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "the database did not answer within %s: %s; is it running, and are its address and"
                                            .formatted(atMost, away.getCause().getMessage())
                                    + " password right?",
                            away.getCause());
                }
                if (!told) {
                    LOG.log(
                            Level.INFO,
                            "waiting for the database error=\"{0}\"",
                            away.getCause().getMessage());
                    told = true;
                }
                pause();
            }
        }
    }

    private int installed() {
        return pool.query(INSTALLED)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0))
                .recover(error -> error instanceof PgException refused
                                && refused.getSqlState().equals(UNDEFINED_TABLE)
                        ? Future.succeededFuture(0)
                        : Future.failedFuture(error))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }
}
