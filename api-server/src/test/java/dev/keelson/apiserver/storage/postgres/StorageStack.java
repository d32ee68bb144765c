package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;

/** The whole storage of one API server without Quarkus, for tests that start several of them or kill them. */
public final class StorageStack implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    private final SessionFactory entities;
    private final PostgresStorage storage;

    public StorageStack(DatabaseUrl url, Duration patience) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(url.host())
                .setPort(url.port())
                .setDatabase(url.database())
                .setUser(url.username())
                .setPassword(url.password())
                .setCachePreparedStatements(true);
        pool = PgBuilder.pool()
                .connectingTo(options)
                .with(new PoolOptions().setMaxSize(6))
                .using(vertx)
                .build();
        entities = entities(url);
        HibernateReads reads =
                new HibernateReads(entities.unwrap(Mutiny.SessionFactory.class), new SessionContext(vertx));
        storage = new PostgresStorage(vertx, pool, reads, patience);
        storage.start();
    }

    public static void migrate(DatabaseUrl url) {
        Flyway.configure()
                .dataSource(url.jdbcUrl(), url.username(), url.password())
                .load()
                .migrate();
    }

    public PostgresStorage storage() {
        return storage;
    }

    public Pool pool() {
        return pool;
    }

    public Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() {
        storage.close();
        entities.close();
        pool.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static SessionFactory entities(DatabaseUrl url) {
        Configuration configuration = new Configuration()
                .addAnnotatedClasses(ObjectRow.class, HeartbeatRow.class)
                .setProperty("jakarta.persistence.jdbc.url", url.jdbcUrl())
                .setProperty("jakarta.persistence.jdbc.user", url.username())
                .setProperty("jakarta.persistence.jdbc.password", url.password())
                .setProperty("hibernate.connection.pool_size", "2");
        return configuration.buildSessionFactory(new ReactiveServiceRegistryBuilder()
                .applySettings(configuration.getProperties())
                .build());
    }
}
