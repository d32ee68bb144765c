package dev.keelson.apiserver.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @Test
    void serverLetsInOurRoleOnlyAndKeepsWhatWasCommittedThroughAKill() throws Exception {
        try (PostgresProcess process = PostgresProcess.start()) {
            DatabaseUrl url = process.url();
            execute(url, "CREATE TABLE kept (n int)");
            execute(url, "INSERT INTO kept VALUES (42)");
            process.kill();
            assertThat(process.postgres().running()).isEmpty();
            process.restart();

            assertThat(query(url, "SELECT n FROM kept")).isEqualTo("42");
            assertThat(query(url, "SHOW fsync")).isEqualTo("on");
            assertThat(query(url, "SHOW data_checksums")).isEqualTo("on");
            assertThat(query(url, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("false");
            assertThatThrownBy(() -> connect(url, "keelson", "wrong")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect(url, "postgres", "")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void runningServerIsAdoptedNotDisturbed() {
        try (PostgresProcess process = PostgresProcess.start()) {
            Optional<Long> pid = process.postgres().running();
            assertThat(pid).isPresent();

            EmbeddedPostgres adopted = EmbeddedPostgres.prepare(process.directory(), PostgresProcess.user());
            adopted.start();
            adopted.awaitReady(Duration.ofSeconds(1));

            assertThat(adopted.running()).isEqualTo(pid);
            assertThat(adopted.url()).isEqualTo(process.url());
        }
    }

    @Test
    void secretsAreReadableByTheOwnerOnly() throws Exception {
        try (PostgresProcess process = PostgresProcess.start()) {
            assertThat(permissions(process.directory().resolve("password"))).isEqualTo("rw-------");
            assertThat(permissions(process.directory().resolve("data"))).isEqualTo("rwx------");
            assertThat(process.url().toString()).doesNotContain(process.url().password());
        }
    }

    @Test
    void directoryThatTheServersUserCannotReachIsNamedWithTheRemedy(@TempDir Path directory) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "only root runs the server as somebody else");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> EmbeddedPostgres.prepare(directory.resolve("pg"), PostgresProcess.user()))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("chmod o+x " + directory);
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void execute(DatabaseUrl url, String sql) throws SQLException {
        try (Connection connection = connect(url, url.username(), url.password())) {
            connection.createStatement().execute(sql);
        }
    }

    private static String query(DatabaseUrl url, String sql) throws SQLException {
        try (Connection connection = connect(url, url.username(), url.password())) {
            ResultSet rows = connection.createStatement().executeQuery(sql);
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(DatabaseUrl url, String user, String password) throws SQLException {
        return DriverManager.getConnection(url.jdbcUrl(), user, password);
    }
}
