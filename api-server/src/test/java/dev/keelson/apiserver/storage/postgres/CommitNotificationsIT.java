package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Write;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told of commits: other servers at once, and nobody when there is none. */
class CommitNotificationsIT {
    private static final String END = "end";

    private PostgresProcess postgres;

    @AutoClose
    private StorageStack first;

    @BeforeEach
    void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
        first = stack();
    }

    @AfterEach
    void stop() {
        postgres.close();
    }

    @Test
    void eachOfTwoServersIsTold() throws InterruptedException {
        try (StorageStack second = stack()) {
            assertTold(first, second, "a");
            assertTold(second, first, "b");
            assertTold(first, second, "c");
        }
    }

    @Test
    void aServerThatIsAloneTellsNobody() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        PgConnection listener = connection();
        listener.notificationHandler(notification -> heard.add(notification.getPayload()));
        run(listener, "LISTEN keelson_commit");
        for (int i = 0; i < 20; i++) {
            create(first, "object-" + i);
        }

        run(listener, "NOTIFY keelson_commit, '" + END + "'");

        List<String> before = new ArrayList<>();
        for (String next = heard.take(); !next.equals(END); next = heard.take()) {
            before.add(next);
        }
        assertThat(before).doesNotContain("");
    }

    private static void assertTold(StorageStack writer, StorageStack reader, String name) throws InterruptedException {
        Wakes wakes = new Wakes();
        reader.storage().feed(Sequence.LOG).listen(wakes);

        create(writer, name);

        // Sooner than the next time that servers say that they are there.
        assertThat(wakes.told.poll(5, TimeUnit.SECONDS)).isNotNull();
    }

    private record Wakes(BlockingQueue<Boolean> told) implements ChangeFeed.Listener {
        private Wakes() {
            this(new LinkedBlockingQueue<>());
        }

        @Override
        public void committed(List<Change> changes) {
            // Of this server's own commits, which the other does not make.
        }

        @Override
        public void wake() {
            told.add(true);
        }
    }

    private StorageStack stack() {
        return new StorageStack(postgres.url(), Duration.ofSeconds(10), false);
    }

    private static void create(StorageStack stack, String name) {
        byte[] json = "{\"metadata\":{\"name\":\"%s\"}}".formatted(name).getBytes(UTF_8);
        ObjectKey key = new ObjectKey("", "configmaps", "default", name);
        stack.storage()
                .commit(List.of(new Write.Create(key, name, json)))
                .toCompletableFuture()
                .join();
    }

    private PgConnection connection() {
        return first.pool()
                .getConnection()
                .map(PgConnection::cast)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static void run(PgConnection connection, String sql) {
        connection
                .query(sql)
                .execute()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
