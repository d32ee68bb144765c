package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.ChangeSource;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresStorageIT extends StorageContract {
    private static PostgresProcess postgres;
    private static StorageStack stack;

    @BeforeAll
    static void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
        stack = new StorageStack(postgres.url(), Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        try {
            stack.close();
        } finally {
            postgres.close();
        }
    }

    @Override
    protected Storage storage() {
        return stack.storage();
    }

    @Override
    protected ChangeSource changes() {
        return stack.storage();
    }

    @Override
    protected History history() {
        return new PostgresHistory(stack.pool());
    }
}
