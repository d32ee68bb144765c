package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes a supervisor takes for its own when it starts: those that it began, in this boot of the machine. */
class RoleAdoptionIT {
    private static final Path PROGRAM = Path.of("target/keelson-supervisor").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path run;
    private Path log;

    @BeforeEach
    void describeTheRole() throws IOException {
        run = Files.createDirectories(directory.resolve("run"));
        log = Files.createDirectories(directory.resolve("logs")).resolve("supervisor.log");
        // The directory's name among the words tells this test's processes from all others.
        Files.writeString(run.resolve("roles"), "role app\narg tail\narg -f\narg %s/roles\n".formatted(run));
    }

    @AfterEach
    void endAll() {
        supervisors().forEach(this::end);
        processes().forEach(this::end);
    }

    @Test
    void roleThatOutlivedItsSupervisorIsTakenOver() throws Exception {
        startSupervisor();
        long role = role(0);
        supervisors().forEach(this::end);

        startSupervisor();

        Shell.await("adopted", PATIENCE, () -> log().contains("role=app adopted pid=" + role));
        assertThat(processes()).extracting(ProcessHandle::pid).contains(role);
    }

    @Test
    void fileOfAnEarlierBootSpeaksOfNobody() throws Exception {
        startSupervisor();
        long stranger = role(0);
        supervisors().forEach(this::end);
        String[] words = Files.readString(run.resolve("app.pid")).split(" ");
        Files.writeString(
                run.resolve("app.pid"), "%s %s 00000000-1111-2222-3333-444444444444\n".formatted(words[0], words[1]));

        startSupervisor();

        assertThat(role(stranger)).isNotEqualTo(stranger);
        assertThat(log()).doesNotContain("adopted");
        assertThat(processes()).extracting(ProcessHandle::pid).contains(stranger);
    }

    private void startSupervisor() throws IOException, InterruptedException {
        int code = new ProcessBuilder(PROGRAM.toString(), run.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    /** The role's process, once it is another than the one before. */
    private long role(long before) {
        Path file = run.resolve("app.pid");
        Shell.await("role runs", PATIENCE, () -> Files.exists(file) && pid(file) != before);
        return pid(file);
    }

    private static long pid(Path file) {
        return Long.parseLong(read(file).split(" ")[0]);
    }

    private String log() {
        return read(log);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ProcessHandle> supervisors() {
        return processes().stream()
                .filter(process -> process.info().command().orElse("").equals(PROGRAM.toString()))
                .toList();
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(run.toString()))
                .toList();
    }

    private void end(ProcessHandle process) {
        process.destroyForcibly();
        Shell.await("process has ended", PATIENCE, () -> !process.isAlive());
    }
}
