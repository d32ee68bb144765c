package dev.keelson.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link RuntimeService} promises; run by the engine and by the fake. */
public abstract class RuntimeServiceContract {
    protected static final String POD = "11111111-2222-3333-4444-555555555555";

    @TempDir
    protected Path logs;

    protected RuntimeService runtime;
    private final List<RuntimeEvent> events = new CopyOnWriteArrayList<>();

    protected abstract RuntimeService open() throws Exception;

    protected abstract List<Path> layers();

    protected abstract List<String> runs();

    protected abstract List<String> exits(int code);

    protected abstract List<String> prints(String text);

    protected abstract List<String> missing();

    /** After everything is removed and closed: what the implementation's test has to take away. */
    protected void cleanUp() {}

    /** Polls until the condition holds; the fake needs no time, the kernel a little. */
    protected abstract void await(BooleanSupplier condition);

    @BeforeEach
    public void start() throws Exception {
        runtime = open();
        runtime.onEvent(events::add);
    }

    @AfterEach
    public void removeAll() {
        try {
            List.copyOf(runtime.listPodSandboxes()).forEach(sandbox -> runtime.removePodSandbox(sandbox.uid()));
            runtime.close();
        } finally {
            cleanUp();
        }
    }

    @Test
    void sandboxIsReadyAndRunningItAgainChangesNothing() {
        PodSandbox first = runtime.runPodSandbox(sandbox());
        assertThat(first.state()).isEqualTo(PodSandbox.State.READY);
        assertThat(runtime.runPodSandbox(sandbox())).isEqualTo(first);
        assertThat(runtime.listPodSandboxes()).containsExactly(first);
        assertThat(first.idRange()).isEqualTo(65536);
        assertThat(first.rootUid()).isPositive();
    }

    @Test
    void containerGoesFromCreatedToRunningToExited() {
        runtime.runPodSandbox(sandbox());
        ContainerStatus created = runtime.createContainer(container("app", runs()));
        assertThat(created.state()).isEqualTo(ContainerStatus.State.CREATED);
        assertThat(created.exit()).isEmpty();
        ContainerStatus started = runtime.startContainer(created.id());
        assertThat(started.state()).isEqualTo(ContainerStatus.State.RUNNING);
        assertThat(started.pid()).isPositive();
        assertThat(started.startedAt()).isPresent();
        runtime.stopContainer(created.id(), Duration.ZERO);
        ContainerStatus stopped = runtime.containerStatus(created.id());
        assertThat(stopped.state()).isEqualTo(ContainerStatus.State.EXITED);
        assertThat(stopped.exit()).get().extracting(ContainerStatus.Exit::code).isEqualTo(137);
        assertThat(stopped.pid()).isZero();
    }

    @Test
    void exitCodeIsKeptAndAnEventSaysSo() {
        ContainerStatus status = run("app", exits(7));
        await(() -> exitOf(status.id()).isPresent());
        assertThat(exitOf(status.id())).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(7);
            assertThat(exit.reason()).isEqualTo("Error");
        });
        await(() -> events.contains(new RuntimeEvent(POD, status.id())));
    }

    @Test
    void exitCodeZeroIsCompleted() {
        ContainerStatus status = run("app", exits(0));
        await(() -> exitOf(status.id()).isPresent());
        assertThat(exitOf(status.id()))
                .get()
                .extracting(ContainerStatus.Exit::reason)
                .isEqualTo("Completed");
    }

    @Test
    void outputIsInTheCriLogWhenTheExitIsSeen() throws IOException {
        ContainerStatus status = run("app", prints("hello"));
        await(() -> exitOf(status.id()).isPresent());
        assertThat(Files.readString(status.logFile()))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z stdout F hello\n");
    }

    @Test
    void everyVerbMayBeRepeated() {
        ContainerStatus first = run("app", runs());
        assertThat(runtime.createContainer(container("app", runs())).id()).isEqualTo(first.id());
        assertThat(runtime.startContainer(first.id()).pid()).isEqualTo(first.pid());
        runtime.stopContainer(first.id(), Duration.ZERO);
        runtime.stopContainer(first.id(), Duration.ZERO);
        runtime.removeContainer(first.id());
        runtime.removeContainer(first.id());
        runtime.stopPodSandbox(POD);
        runtime.stopPodSandbox(POD);
        runtime.removePodSandbox(POD);
        runtime.removePodSandbox(POD);
        assertThat(runtime.listContainers()).isEmpty();
        assertThat(runtime.listPodSandboxes()).isEmpty();
    }

    @Test
    void aRestartIsANewContainerWithTheSameName() {
        ContainerStatus first = run("app", runs());
        ContainerStatus second = runtime.createContainer(container("app", runs(), 1));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.name()).isEqualTo("app");
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(runtime.listContainers()).hasSize(2);
    }

    @Test
    void programThatIsNotThereIsNamed() {
        runtime.runPodSandbox(sandbox());
        ContainerStatus created = runtime.createContainer(container("app", missing()));
        assertThatThrownBy(() -> runtime.startContainer(created.id()))
                .asInstanceOf(InstanceOfAssertFactories.type(NodeException.class))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(NodeException.Kind.INVALID);
                    assertThat(failure.reason()).isEqualTo("RunContainerError");
                    assertThat(failure)
                            .hasMessageContaining("exec \"" + missing().getFirst() + "\": no such file or directory");
                });
        assertThat(exitOf(created.id())).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(128);
            assertThat(exit.reason()).isEqualTo("StartError");
        });
    }

    @Test
    void stoppingTheSandboxKillsItsContainersAndKeepsTheirRecords() {
        ContainerStatus status = run("app", runs());
        runtime.stopPodSandbox(POD);
        assertThat(runtime.containerStatus(status.id()).state()).isEqualTo(ContainerStatus.State.EXITED);
        assertThat(runtime.listPodSandboxes())
                .extracting(PodSandbox::state)
                .containsExactly(PodSandbox.State.NOT_READY);
        assertThatThrownBy(() -> runtime.createContainer(container("other", runs())))
                .hasMessageContaining("sandbox " + POD);
    }

    @Test
    void removingARunningContainerIsRefused() {
        ContainerStatus status = run("app", runs());
        assertThatThrownBy(() -> runtime.removeContainer(status.id())).hasMessageContaining("app");
        assertThat(runtime.containerStatus(status.id()).state()).isEqualTo(ContainerStatus.State.RUNNING);
    }

    @Test
    void unknownContainerAndSandboxAreNotFound() {
        assertThatThrownBy(() -> runtime.containerStatus("nope"))
                .asInstanceOf(InstanceOfAssertFactories.type(NodeException.class))
                .extracting(NodeException::kind)
                .isEqualTo(NodeException.Kind.NOT_FOUND);
        assertThatThrownBy(() -> runtime.createContainer(container("app", runs())))
                .asInstanceOf(InstanceOfAssertFactories.type(NodeException.class))
                .extracting(NodeException::kind)
                .isEqualTo(NodeException.Kind.NOT_FOUND);
    }

    @Test
    void execAnswersOutputAndExitCode() throws Exception {
        ContainerStatus status = run("app", runs());
        assertThat(runtime.execSync(status.id(), prints("inside"), Duration.ofSeconds(10)))
                .isEqualTo(new ExecResult(0, "inside\n", ""));
        assertThat(runtime.execSync(status.id(), exits(9), Duration.ofSeconds(10))
                        .exitCode())
                .isEqualTo(9);
        StreamOptions options = new StreamOptions(false, true, true, false);
        try (StreamSession session = runtime.exec(status.id(), prints("streamed"), options)) {
            assertThat(session.stdout().readAllBytes()).asString().isEqualTo("streamed\n");
            assertThat(session.exitCode().get()).isZero();
        }
    }

    @Test
    void execInAStoppedContainerIsRefused() {
        ContainerStatus status = run("app", runs());
        runtime.stopContainer(status.id(), Duration.ZERO);
        assertThatThrownBy(() -> runtime.execSync(status.id(), prints("x"), Duration.ofSeconds(1)))
                .hasMessageContaining("app")
                .hasMessageContaining("not running");
    }

    @Test
    void statsOfARunningContainerAreKnown() {
        ContainerStatus status = run("app", runs());
        ContainerStats stats = runtime.containerStats(status.id());
        assertThat(stats.memoryUsageBytes()).isPositive();
        assertThat(stats.pids()).isPositive();
    }

    protected ContainerStatus run(String name, List<String> args) {
        return run(container(name, args));
    }

    protected ContainerStatus run(ContainerConfig config) {
        runtime.runPodSandbox(sandbox());
        return runtime.startContainer(runtime.createContainer(config).id());
    }

    protected Optional<ContainerStatus.Exit> exitOf(String containerId) {
        return runtime.containerStatus(containerId).exit();
    }

    protected PodSandboxConfig sandbox() {
        return sandbox(PodSandboxConfig.NamespaceModes.PRIVATE);
    }

    protected PodSandboxConfig sandbox(PodSandboxConfig.NamespaceModes modes) {
        return new PodSandboxConfig(POD, "default", "web", "web-0", logs, modes, Map.of(), Resources.NONE);
    }

    protected ContainerConfig container(String name, List<String> args) {
        return container(name, args, 0);
    }

    protected ContainerConfig container(String name, List<String> args, int attempt) {
        return new ContainerConfig(
                POD,
                name,
                attempt,
                "registry.example/app:1",
                "sha256:" + "a".repeat(64),
                layers(),
                args,
                new ArrayList<>(List.of("PATH=/bin:/usr/bin")),
                "",
                "",
                List.of(),
                List.of(),
                logs.resolve(name).resolve(attempt + ".log"),
                ContainerConfig.Stdio.NONE,
                "SIGTERM",
                ContainerConfig.Security.DEFAULT,
                Resources.NONE,
                Optional.empty());
    }
}
