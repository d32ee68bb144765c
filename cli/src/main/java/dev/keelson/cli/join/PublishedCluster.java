package dev.keelson.cli.join;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.cli.CliException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The row in which a cluster tells further servers who it is: table {@code shared_cluster}. */
final class PublishedCluster implements AutoCloseable {
    private static final int CONNECT_SECONDS = 10;

    private final DatabaseUrl url;
    private final Connection connection;

    /** @param authority SHA-256 of the cluster's certificate authority, in hexadecimal digits */
    record Row(String authority, byte[] sealed) {}

    PublishedCluster(DatabaseUrl url) {
        this.url = url;
        try {
            DriverManager.setLoginTimeout(CONNECT_SECONDS);
            connection = DriverManager.getConnection(url.jdbcUrl(), url.username(), url.password());
        } catch (SQLException e) {
            throw new CliException(
                    "cannot connect to %s: %s; is it running, and are address and password right?"
                            .formatted(url, e.getMessage()),
                    e);
        }
    }

    Optional<Row> find() {
        if (!exists("shared_cluster")) {
            return Optional.empty();
        }
        try (ResultSet rows =
                connection.createStatement().executeQuery("SELECT authority, sealed FROM shared_cluster")) {
            return rows.next() ? Optional.of(new Row(rows.getString(1), rows.getBytes(2))) : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Whether some cluster keeps its objects here, published or not. */
    boolean holdsObjects() {
        if (!exists("revision_log")) {
            return false;
        }
        try (ResultSet rows = connection.createStatement().executeQuery("SELECT EXISTS (SELECT FROM object)")) {
            return rows.next() && rows.getBoolean(1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Does nothing when a row is there. */
    void publish(Row row) {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO shared_cluster (authority, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, row.authority());
            insert.setBytes(2, row.sealed());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private boolean exists(String table) {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, table);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private CliException failed(SQLException cause) {
        return new CliException("cannot read %s: %s".formatted(url, cause.getMessage()), cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
