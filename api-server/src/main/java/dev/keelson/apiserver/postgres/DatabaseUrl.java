package dev.keelson.apiserver.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where the database is, in PostgreSQL's own form {@code postgresql://user:password@host:port/database?sslmode=…}
 * (libpq, "Connection URIs").
 *
 * @param parameters the part after the question mark, empty without one
 */
public record DatabaseUrl(String host, int port, String database, String username, String password, String parameters) {
    private static final int DEFAULT_PORT = 5432;

    /** @throws PostgresException with the accepted form when the text is something else; never shows the password */
    public static DatabaseUrl parse(String text) {
        URI uri = uri(text);
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!known
                || uri.getHost() == null
                || uri.getRawUserInfo() == null
                || uri.getPath().length() < 2) {
            throw malformed();
        }
        String[] login = uri.getRawUserInfo().split(":", 2);
        return new DatabaseUrl(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                uri.getPath().substring(1),
                decoded(login[0]),
                login.length > 1 ? decoded(login[1]) : "",
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    /** For the JDBC driver, without user and password. */
    public String jdbcUrl() {
        return "jdbc:" + address();
    }

    /** For the Vert.x client, without user and password. */
    public String reactiveUri() {
        return "vertx-reactive:" + address();
    }

    /** The API server's configuration as environment variables: a command line would show the password to everyone. */
    public Map<String, String> environment() {
        return Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL",
                jdbcUrl(),
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                reactiveUri(),
                "QUARKUS_DATASOURCE_USERNAME",
                username,
                "QUARKUS_DATASOURCE_PASSWORD",
                password);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "postgresql://%s@%s:%d/%s".formatted(username, host, port, database);
    }

    private String address() {
        String query = parameters.isEmpty() ? "" : "?" + parameters;
        return "postgresql://%s:%d/%s%s".formatted(host, port, database, query);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw malformed();
        }
    }

    private static PostgresException malformed() {
        return new PostgresException(
                "a database URL has the form postgresql://user:password@host:5432/database; special characters in the"
                        + " password are written as %40 and the like");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
