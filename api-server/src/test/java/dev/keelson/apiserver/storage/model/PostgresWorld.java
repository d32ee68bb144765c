package dev.keelson.apiserver.storage.model;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.postgres.StorageStack;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Two servers over one PostgreSQL with small partitions; servers and database die. */
final class PostgresWorld implements StoreWorld {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final WatchCacheConfig TINY =
            new WatchCacheConfig(4_000, Duration.ofMillis(500), Duration.ofMillis(50), Duration.ofSeconds(5));
    /** As after the migration, but with partitions of 64 revisions, room for any batch of a test. */
    private static final String EMPTY = """
            DO $$ DECLARE part regclass; BEGIN
                FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'revision_log'::regclass LOOP
                    EXECUTE 'DROP TABLE ' || part;
                END LOOP;
            END $$;
            TRUNCATE object_state, heartbeat, writer;
            UPDATE revision_counter SET value = 1, floor = 1, partition_size = 64;
            SELECT ensure_partitions(1);
            """;

    private static final String FORGET = """
            SELECT raise_history_floor('%s');
            SELECT keep_bytes_below_floor(1000000);
            SELECT drop_history_below_floor();
            """;

    /** A server and what it stands on. */
    private record Running(StorageStack stack, Server server) {
        void stop() {
            server.cache().close();
            stack.close();
        }
    }

    private final PostgresProcess postgres;
    private volatile List<Running> running;

    PostgresWorld(PostgresProcess postgres) {
        this.postgres = postgres;
        sql(EMPTY);
        running = List.of(startServer(), startServer());
    }

    private Running startServer() {
        StorageStack stack = new StorageStack(postgres.url(), PATIENCE);
        LiveWatchCache cache = new LiveWatchCache(stack.storage(), TINY, CacheMetrics.NONE);
        cache.start().toCompletableFuture().join();
        return new Running(stack, new Server(stack.storage(), stack.storage().feed(Sequence.LOG), cache));
    }

    @Override
    public List<Server> servers() {
        return running.stream().map(Running::server).toList();
    }

    @Override
    public void compact(Revision upTo, Instant before) {
        sql(FORGET.formatted(before));
    }

    @Override
    public void crash(Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                postgres.kill();
                postgres.restart();
            }
            case 1 -> {
                postgres.killPostmaster();
                postgres.restart();
            }
            default -> {
                // The first one: the others of a pair go on undisturbed.
                running.getFirst().stop();
                running = List.of(running.getLast(), startServer());
            }
        }
    }

    private void sql(String statements) {
        DatabaseUrl url = postgres.url();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password())) {
            connection.createStatement().execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        running.forEach(Running::stop);
    }
}
