package dev.keelson.cli.it;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.apiserver.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL that belongs to no cluster, as an administrator would provide one. */
final class OutsideDatabase implements AutoCloseable {
    private final Path directory;
    private final EmbeddedPostgres postgres;

    private OutsideDatabase(Path directory, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.postgres = postgres;
    }

    static OutsideDatabase start() {
        try {
            Path directory = Files.createTempDirectory("keelson-outside-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            OutsideDatabase database = new OutsideDatabase(directory, EmbeddedPostgres.prepare(directory, "nobody"));
            database.postgres.start();
            database.postgres.awaitReady(Duration.ofSeconds(20));
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        DatabaseUrl url = postgres.url();
        return "postgresql://%s:%s@%s:%d/%s"
                .formatted(url.username(), url.password(), url.host(), url.port(), url.database());
    }

    /** A change of a ConfigMap that was committed. {@code side} is a label of the object; empty when it has none. */
    record LogRow(long revision, String type, String name, String side) {
        /** As a client of a watch hears of it. */
        String event() {
            return "%d %s %s".formatted(revision, type, name);
        }
    }

    /** The changes of a namespace's ConfigMaps that were committed, in order. */
    List<LogRow> log(String namespace) {
        DatabaseUrl url = postgres.url();
        List<LogRow> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password())) {
            ResultSet result = connection
                    .createStatement()
                    .executeQuery("SELECT revision, (ARRAY['ADDED', 'MODIFIED', 'DELETED'])[kind + 1], name,"
                            + " coalesce(convert_from(json, 'UTF8')::jsonb #>> '{metadata,labels,side}', '')"
                            + " FROM revision_log WHERE resource = 'configmaps' AND namespace = '" + namespace
                            + "' ORDER BY revision");
            while (result.next()) {
                rows.add(new LogRow(result.getLong(1), result.getString(2), result.getString(3), result.getString(4)));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a join token with this identifier still opens the cluster. */
    boolean opens(String token) {
        DatabaseUrl url = postgres.url();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password());
                PreparedStatement query = connection.prepareStatement(
                        "SELECT FROM join_token WHERE id = ? AND expires_at > clock_timestamp()")) {
            query.setString(1, token);
            return query.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Gives up the history until now, as the servers do with what is older than their retention. They do so in whole
     * partitions; for once a partition is small.
     */
    void compact() {
        DatabaseUrl url = postgres.url();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password())) {
            connection.createStatement().execute("""
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
    public void close() {
        postgres.stop(Duration.ofSeconds(10));
        Shell.run(java.util.Map.of(), "", List.of("rm", "-rf", directory.toString()));
    }
}
