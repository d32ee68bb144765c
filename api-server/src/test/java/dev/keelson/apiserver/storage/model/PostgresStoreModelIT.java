package dev.keelson.apiserver.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.storage.postgres.StorageStack;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStoreModelIT extends StoreModelContract {
    private static PostgresProcess postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Override
    protected StoreWorld newWorld() {
        return new PostgresWorld(postgres);
    }

    @Override
    protected int operations() {
        return 150;
    }

    /**
     * A store that takes its revisions from a sequence gives out 6 and then 7, and commits 7 first: who reads then has
     * seen 7 and never asks for 6. Here a commit is held open in the middle; another server's write must wait for it.
     */
    @Test
    void revisionIsNotVisibleBeforeThoseBeforeIt() throws SQLException {
        StoreWorld.Server server = world().servers().getFirst();
        long before = ModelClient.join(server.storage().currentRevision()).value();
        CompletableFuture<List<Stored>> second;
        try (Connection held = DriverManager.getConnection(
                postgres.url().jdbcUrl(),
                postgres.url().username(),
                postgres.url().password())) {
            held.setAutoCommit(false);
            // What every commit does first, and holds until it is on disk.
            held.createStatement().execute("UPDATE revision_counter SET value = value WHERE sequence = 0");
            second = server.storage()
                    .commit(List.of(new Write.Create(
                            new ObjectKey("", "things", "n", "second"),
                            "u",
                            "{\"metadata\":{},\"v\":\"2\"}".getBytes(StandardCharsets.UTF_8))))
                    .toCompletableFuture();

            Assertions.assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(ModelClient.join(server.storage().currentRevision()).value())
                    .isEqualTo(before);
            assertThat(ModelClient.join(server.log().current()).value()).isEqualTo(before);
            held.commit();
        }

        assertThat(second.join().getFirst().revision().value()).isEqualTo(before + 1);
    }
}
