package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;
import org.hibernate.reactive.vertx.VertxInstance;
import org.hibernate.reactive.vertx.impl.ProvidedVertxInstance;

/** The whole storage of one API server without Quarkus, for tests that start several of them or kill them. */
public final class StorageStack implements AutoCloseable {
    // As the server has it: no directory for copies of files, which would outlive a process that is killed.
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Pool pool;
    private final Optional<SessionFactory> entities;
    private final Optional<HibernateReads> reads;
    private final PostgresStorage storage;

    public StorageStack(DatabaseUrl url, Duration patience) {
        this(url, patience, true);
    }

    /** @param mapped without the mapping of tables, the stack starts in half the time but cannot read single objects */
    public StorageStack(DatabaseUrl url, Duration patience, boolean mapped) {
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
        entities = mapped ? Optional.of(entities(url, vertx)) : Optional.empty();
        reads = entities.map(
                each -> new HibernateReads(each.unwrap(Mutiny.SessionFactory.class), new SessionContext(vertx)));
        ObjectReads single = reads.<ObjectReads>map(each -> each)
                .orElse(key -> CompletableFuture.failedStage(new UnsupportedOperationException()));
        storage = new PostgresStorage(vertx, pool, single, patience);
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

    public HibernateReads reads() {
        return reads.orElseThrow();
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
        entities.ifPresent(SessionFactory::close);
        pool.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static SessionFactory entities(DatabaseUrl url, Vertx vertx) {
        Configuration configuration = new Configuration()
                .addAnnotatedClasses(ObjectRow.class, HeartbeatRow.class)
                .setProperty("jakarta.persistence.jdbc.url", url.jdbcUrl())
                .setProperty("jakarta.persistence.jdbc.user", url.username())
                .setProperty("jakarta.persistence.jdbc.password", url.password())
                .setProperty("hibernate.connection.pool_size", "2");
        return configuration.buildSessionFactory(new ReactiveServiceRegistryBuilder()
                .applySettings(configuration.getProperties())
                .addService(VertxInstance.class, new ProvidedVertxInstance(vertx))
                .build());
    }
}
