package dev.keelson.apiserver.storage.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the other API servers after a commit and hears from them. A hint only: a notification that is lost, also with
 * the connection, is made up for by every reader's slow poll. It is sent outside of the commit, because NOTIFY inside a
 * transaction takes a lock that all committing transactions share, and not more often than every few milliseconds; and
 * only while there are other servers, which say so when they begin to listen and every few seconds.
 */
final class CommitNotifications {
    private static final String CHANNEL = "keelson_commit";
    /** What a server says that listens, and that wants to be told of commits. */
    private static final String HERE = "here";

    private static final String COMMITTED = "";
    private static final long PAUSE_MILLIS = 5;
    private static final long HERE_MILLIS = 10_000;
    /** Who has said nothing for so long is gone. */
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long RECONNECT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final Pool pool;
    private final Runnable woken;
    private Optional<PgConnection> connection = Optional.empty();
    /** When another server was last heard of, by {@link System#nanoTime()}. */
    private long heard = System.nanoTime() - GONE_NANOS;

    private long hereTimer = -1;
    private boolean resting;
    private boolean wanted;
    private boolean closed;

    CommitNotifications(Vertx vertx, Pool pool, Runnable woken) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.pool = pool;
        this.woken = woken;
    }

    void start() {
        context.runOnContext(ignored -> {
            connect();
            hereTimer = vertx.setPeriodic(HERE_MILLIS, timer -> notify(HERE));
        });
    }

    /** Says that something was committed here. */
    void send() {
        context.runOnContext(ignored -> {
            if (alone()) {
                return;
            }
            wanted = true;
            if (!resting) {
                sendNow();
            }
        });
    }

    void close() {
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(hereTimer);
            connection.ifPresent(PgConnection::close);
        });
    }

    private void sendNow() {
        wanted = false;
        resting = true;
        notify(COMMITTED);
        vertx.setTimer(PAUSE_MILLIS, timer -> {
            resting = false;
            if (wanted) {
                sendNow();
            }
        });
    }

    private void notify(String payload) {
        connection.ifPresent(
                open -> open.preparedQuery("SELECT pg_notify($1, $2)").execute(Tuple.of(CHANNEL, payload)));
    }

    private boolean alone() {
        return System.nanoTime() - heard >= GONE_NANOS;
    }

    /** Whatever it says, there may be commits that it could not tell of before it knew that somebody listens. */
    private void hear() {
        boolean stranger = alone();
        heard = System.nanoTime();
        if (stranger) {
            // So that it knows of this server, too.
            notify(HERE);
        }
        woken.run();
    }

    private void connect() {
        if (closed) {
            return;
        }
        pool.getConnection()
                .map(PgConnection::cast)
                .compose(this::subscribe)
                .onFailure(error -> vertx.setTimer(RECONNECT_MILLIS, timer -> connect()));
    }

    private Future<Void> subscribe(PgConnection open) {
        open.notificationHandler(notification -> {
            if (notification.getProcessId() != open.processId()) {
                hear();
            }
        });
        // What follows is that the connection closes, which is handled.
        open.exceptionHandler(lost -> connection = Optional.empty());
        open.closeHandler(lost -> {
            connection = Optional.empty();
            vertx.setTimer(RECONNECT_MILLIS, timer -> connect());
        });
        // A notification need not survive a crash, so its transaction need not wait for the disk.
        return open.query("SET synchronous_commit = off")
                .execute()
                .compose(set -> open.query("LISTEN " + CHANNEL).execute())
                .onSuccess(listening -> {
                    connection = Optional.of(open);
                    notify(HERE);
                    woken.run();
                })
                .mapEmpty();
    }
}
