package dev.keelson.cli.join;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.cli.CliException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * What a cluster tells further servers: who it is (table {@code shared_cluster}), and to those that have a token, its keys
 * (table {@code join_token}).
 */
final class PublishedCluster implements AutoCloseable {
    private static final int CONNECT_SECONDS = 10;

    private final DatabaseUrl url;
    private final Connection connection;

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

    /** SHA-256 of the certificate authority of the cluster that is here, in hexadecimal digits. */
    Optional<String> authority() {
        if (!exists("shared_cluster")) {
            return Optional.empty();
        }
        try (ResultSet rows = connection.createStatement().executeQuery("SELECT authority FROM shared_cluster")) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** What the token opens; empty when there is none of this identifier, or it has ended. */
    Optional<byte[]> sealed(JoinToken token) {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT sealed FROM join_token WHERE id = ? AND expires_at > clock_timestamp()")) {
            query.setString(1, token.id());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** @param lifetime from now on, by the database's clock */
    void admit(JoinToken token, byte[] sealed, Duration lifetime) {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO join_token (id, sealed, expires_at)"
                + " VALUES (?, ?, clock_timestamp() + make_interval(secs => ?))")) {
            insert.setString(1, token.id());
            insert.setBytes(2, sealed);
            insert.setDouble(3, lifetime.toSeconds());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Ends every token that has been given out. */
    void revokeAll() {
        try {
            connection.createStatement().executeUpdate("DELETE FROM join_token");
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

    /** Does nothing when a cluster is there. */
    void publish(String authority) {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO shared_cluster (authority) VALUES (?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, authority);
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
        return new CliException("cannot use %s: %s".formatted(url, cause.getMessage()), cause);
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
