package dev.keelson.apiserver.postgres;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

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

    @Override
    public void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
