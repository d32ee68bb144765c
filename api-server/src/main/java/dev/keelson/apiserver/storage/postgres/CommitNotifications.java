package dev.keelson.apiserver.storage.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * Wakes the other API servers after a commit and hears from them. A hint only: a notification that is lost, also with
 * the connection, is made up for by every reader's slow poll. It is sent outside of the commit, because NOTIFY inside a
 * transaction takes a lock that all committing transactions share, and not more often than every few milliseconds.
 */
final class CommitNotifications {
    private static final String CHANNEL = "keelson_commit";
    private static final long PAUSE_MILLIS = 5;
    private static final long RECONNECT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final Pool pool;
    private final Runnable woken;
    private Optional<PgConnection> connection = Optional.empty();
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
        context.runOnContext(ignored -> connect());
    }

    /** Says that something was committed here. */
    void send() {
        context.runOnContext(ignored -> {
            wanted = true;
            if (!resting) {
                sendNow();
            }
        });
    }

    void close() {
        context.runOnContext(ignored -> {
            closed = true;
            connection.ifPresent(PgConnection::close);
        });
    }

    private void sendNow() {
        wanted = false;
        resting = true;
        connection.ifPresent(
                open -> open.preparedQuery("SELECT pg_notify($1, '')").execute(Tuple.of(CHANNEL)));
        vertx.setTimer(PAUSE_MILLIS, timer -> {
            resting = false;
            if (wanted) {
                sendNow();
            }
        });
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
                woken.run();
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
                    woken.run();
                })
                .mapEmpty();
    }
}
