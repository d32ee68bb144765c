package dev.keelson.apiserver.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.apiserver.postgres.PostgresProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The promise of the watch: whatever dies, no watcher misses, repeats or reorders an event, and no acknowledged write is
 * lost. Two servers write to one database and serve watchers; they and PostgreSQL are killed at random moments. Then
 * every watcher's record is compared with the log.
 */
class ExactWatchIT {
    private static final int KILLS = 8;

    /** One row of the log, which is the truth. */
    private record Row(long revision, String type, String resource, String namespace, String name, long previous) {}

    @Test
    void everyWatcherSeesExactlyTheLogAcrossKillsOfServersAndDatabase() throws Exception {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        System.out.println("ExactWatchIT seed=" + seed);
        Random random = new Random(seed);
        try (PostgresProcess postgres = PostgresProcess.start()) {
            StorageStack.migrate(postgres.url());
            List<ServerProcess> servers = List.of(
                    new ServerProcess(postgres.url(), random.nextLong()),
                    new ServerProcess(postgres.url(), random.nextLong()));
            try {
                servers.forEach(ServerProcess::start);
                for (int i = 0; i < KILLS; i++) {
                    int victim = random.nextInt(3);
                    servers.getFirst().awaitAcknowledged(random.nextInt(200));
                    if (victim == 2) {
                        postgres.kill();
                        postgres.restart();
                    } else {
                        servers.get(victim).kill();
                        servers.get(victim).start();
                    }
                    servers.forEach(server -> server.awaitAcknowledged(20));
                }
                servers.forEach(ServerProcess::stopWriting);
                verify(log(postgres.url()), servers, seed);
            } finally {
                servers.forEach(ServerProcess::kill);
            }
        }
    }

    private static void verify(List<Row> log, List<ServerProcess> servers, long seed) {
        assertThat(log.stream().map(Row::revision))
                .as("contiguous revisions, seed %d", seed)
                .isEqualTo(LongStream.rangeClosed(2, log.size() + 1L).boxed().toList());
        Set<String> happened = new HashSet<>();
        log.forEach(row ->
                happened.add("%d %s/%s/%s".formatted(row.revision(), row.resource(), row.namespace(), row.name())));
        long delivered = 0;
        for (ServerProcess server : servers) {
            assertThat(happened)
                    .as("acknowledged writes are in the log, seed %d", seed)
                    .containsAll(server.acknowledged());
            for (WatcherRecord watcher : server.watchers()) {
                List<String> expected = log.stream()
                        .filter(row -> row.resource().equals(watcher.resource()))
                        .filter(row ->
                                watcher.namespace().isEmpty() || row.namespace().equals(watcher.namespace()))
                        .map(row -> "%d %s %s/%s %d"
                                .formatted(row.revision(), row.type(), row.namespace(), row.name(), row.previous()))
                        .toList();
                watcher.awaitCount(expected.size());
                assertThat(watcher.events())
                        .as("watcher of %s in \"%s\", seed %d", watcher.resource(), watcher.namespace(), seed)
                        .isEqualTo(expected);
                delivered += expected.size();
            }
        }
        System.out.printf("ExactWatchIT revisions=%d delivered=%d%n", log.size(), delivered);
    }

    private static List<Row> log(DatabaseUrl url) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password())) {
            ResultSet result = connection
                    .createStatement()
                    .executeQuery(
                            "SELECT revision, (ARRAY['ADDED', 'MODIFIED', 'DELETED'])[kind + 1], resource, namespace,"
                                    + " name, coalesce(previous_revision, 0) FROM revision_log ORDER BY revision");
            while (result.next()) {
                rows.add(new Row(
                        result.getLong(1),
                        result.getString(2),
                        result.getString(3),
                        result.getString(4),
                        result.getString(5),
                        result.getLong(6)));
            }
        }
        return rows;
    }
}
