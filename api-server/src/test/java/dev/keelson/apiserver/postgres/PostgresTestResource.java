package dev.keelson.apiserver.postgres;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** An embedded PostgreSQL for tests that start the whole server: {@code @QuarkusTestResource(PostgresTestResource.class)}. */
public final class PostgresTestResource implements QuarkusTestResourceLifecycleManager {
    private PostgresProcess postgres;

    @Override
    public Map<String, String> start() {
        postgres = PostgresProcess.start();
        DatabaseUrl url = postgres.url();
        return Map.of(
                "quarkus.datasource.jdbc.url", url.jdbcUrl(),
                "quarkus.datasource.reactive.url", url.reactiveUri(),
                "quarkus.datasource.username", url.username(),
                "quarkus.datasource.password", url.password());
    }

    /**
     * Gives up the history until now, as a server does with what is older than its retention. It does so in whole
     * partitions; for once a partition is small.
     */
    public static void forgetHistory() {
        Config config = ConfigProvider.getConfig();
        try (Connection connection = DriverManager.getConnection(
                        config.getValue("quarkus.datasource.jdbc.url", String.class),
                        config.getValue("quarkus.datasource.username", String.class),
                        config.getValue("quarkus.datasource.password", String.class));
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    BEGIN;
                    UPDATE revision_counter SET partition_size = 1 WHERE sequence = 0;
                    SELECT raise_history_floor(clock_timestamp() + interval '1 hour');
                    UPDATE revision_counter SET partition_size = 262144 WHERE sequence = 0;
                    COMMIT""");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
