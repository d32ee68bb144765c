package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real engine in a place of its own, with one pod; everything is taken away again, also after a failure. */
abstract class EngineTest {
    static final String POD = "22222222-3333-4444-5555-666666666666";

    @TempDir
    Path root;

    EngineFixture fixture;
    LauncherRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        fixture = new EngineFixture(root);
        runtime = fixture.open();
    }

    @AfterEach
    void removeAll() {
        try {
            List.copyOf(runtime.listPodSandboxes()).forEach(sandbox -> runtime.removePodSandbox(sandbox.uid()));
            runtime.close();
        } finally {
            fixture.close();
        }
    }

    /** Opens the engine anew, with logs that are rotated soon. */
    void rotateLogs(long bytes, int files) {
        runtime.close();
        EngineSettings small = new EngineSettings(
                fixture.settings.directory(),
                fixture.settings.launcher(),
                fixture.settings.cgroupParent(),
                fixture.settings.idRanges(),
                bytes,
                files);
        runtime = LauncherRuntime.open(small, Clock.systemUTC());
    }

    void sandbox() {
        sandbox(NamespaceModes.PRIVATE);
    }

    void sandbox(NamespaceModes modes) {
        sandbox(modes, Resources.NONE);
    }

    void sandbox(NamespaceModes modes, Resources limits) {
        sandbox(modes, limits, "");
    }

    void sandbox(NamespaceModes modes, Resources limits, String handler) {
        runtime.runPodSandbox(new PodSandboxConfig(
                POD, "default", "web", "web-0", root.resolve("logs"), modes, Map.of(), limits, handler));
    }

    /** A container that runs a shell script. */
    Config script(String name, String script) {
        return new Config(new ContainerConfig(
                POD,
                name,
                0,
                "registry.example/app:1",
                "sha256:" + "a".repeat(64),
                List.of(fixture.layer),
                List.of("/bin/sh", "-c", script),
                List.of("PATH=/bin"),
                "",
                "",
                List.of(),
                List.of(),
                root.resolve("logs").resolve(name).resolve("0.log"),
                ContainerConfig.Stdio.NONE,
                "SIGTERM",
                ContainerConfig.Security.DEFAULT,
                Resources.NONE,
                Optional.empty()));
    }

    ContainerStatus start(Config config) {
        return runtime.startContainer(runtime.createContainer(config.value).id());
    }

    ContainerStatus finish(ContainerStatus container) {
        EngineFixture.await(() -> runtime.containerStatus(container.id()).exit().isPresent());
        return runtime.containerStatus(container.id());
    }

    /** Runs a script to its end and answers the text that it printed, without the log's framing. */
    String output(Config config) {
        return text(finish(start(config)));
    }

    static String text(ContainerStatus container) {
        StringBuilder text = new StringBuilder();
        for (String line : logLines(container.logFile())) {
            String[] parts = line.split(" ", 4);
            text.append(parts[3]).append(parts[2].equals("F") ? "\n" : "");
        }
        return text.toString();
    }

    static List<String> logLines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String exec(ContainerStatus container, String script) {
        ExecResult result = runtime.execSync(container.id(), List.of("/bin/sh", "-c", script), Duration.ofSeconds(20));
        return result.stdout() + result.stderr();
    }

    static Resources memory(long bytes) {
        return new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(bytes), OptionalLong.empty());
    }

    /** A configuration that a test changes in one place. */
    record Config(ContainerConfig value) {
        Config tty() {
            return stdio(new ContainerConfig.Stdio(true, false, true));
        }

        Config stdin() {
            return stdio(new ContainerConfig.Stdio(true, false, false));
        }

        Config stdinOnce() {
            return stdio(new ContainerConfig.Stdio(true, true, false));
        }

        private Config stdio(ContainerConfig.Stdio stdio) {
            return copy(
                    value.user(),
                    value.workingDir(),
                    value.mounts(),
                    stdio,
                    value.security(),
                    value.resources(),
                    value.processesOf());
        }

        Config processesOf(ContainerStatus target) {
            return copy(
                    value.user(),
                    value.workingDir(),
                    value.mounts(),
                    value.stdio(),
                    value.security(),
                    value.resources(),
                    Optional.of(target.id()));
        }

        Config user(String user) {
            return copy(
                    user,
                    value.workingDir(),
                    value.mounts(),
                    value.stdio(),
                    value.security(),
                    value.resources(),
                    value.processesOf());
        }

        Config workingDir(String directory) {
            return copy(
                    value.user(),
                    directory,
                    value.mounts(),
                    value.stdio(),
                    value.security(),
                    value.resources(),
                    value.processesOf());
        }

        Config mount(Path source, String destination, boolean readOnly) {
            return mount(new ContainerConfig.Mount(source, destination, readOnly, true));
        }

        Config mount(ContainerConfig.Mount mount) {
            return copy(
                    value.user(),
                    value.workingDir(),
                    List.of(mount),
                    value.stdio(),
                    value.security(),
                    value.resources(),
                    value.processesOf());
        }

        Config security(UnaryOperator<ContainerConfig.Security> change) {
            return copy(
                    value.user(),
                    value.workingDir(),
                    value.mounts(),
                    value.stdio(),
                    change.apply(value.security()),
                    value.resources(),
                    value.processesOf());
        }

        Config resources(Resources resources) {
            return copy(
                    value.user(),
                    value.workingDir(),
                    value.mounts(),
                    value.stdio(),
                    value.security(),
                    resources,
                    value.processesOf());
        }

        Config args(String... args) {
            return new Config(new ContainerConfig(
                    value.podUid(),
                    value.name(),
                    value.attempt(),
                    value.image(),
                    value.imageId(),
                    value.layers(),
                    List.of(args),
                    value.env(),
                    value.workingDir(),
                    value.user(),
                    value.supplementalGroups(),
                    value.mounts(),
                    value.logFile(),
                    value.stdio(),
                    value.stopSignal(),
                    value.security(),
                    value.resources(),
                    value.processesOf()));
        }

        private Config copy(
                String user,
                String workingDir,
                List<ContainerConfig.Mount> mounts,
                ContainerConfig.Stdio stdio,
                ContainerConfig.Security security,
                Resources resources,
                Optional<String> processesOf) {
            return new Config(new ContainerConfig(
                    value.podUid(),
                    value.name(),
                    value.attempt(),
                    value.image(),
                    value.imageId(),
                    value.layers(),
                    value.args(),
                    value.env(),
                    workingDir,
                    user,
                    value.supplementalGroups(),
                    mounts,
                    value.logFile(),
                    stdio,
                    value.stopSignal(),
                    security,
                    resources,
                    processesOf));
        }
    }
}
