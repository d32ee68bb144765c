package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.RuntimeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What goes on when agent, launcher or supervisor end, and what is left when everything is removed. */
class SurvivalIT extends EngineTest {

    /** As after kill -9 of the agent: nothing is said to anybody, a new engine opens the same directory. */
    private void restartAgent() {
        runtime.close();
        runtime = fixture.open();
    }

    @Test
    void containersGoOnWithoutTheAgent() {
        sandbox();
        PodSandbox before = runtime.listPodSandboxes().getFirst();
        ContainerStatus app = start(script("app", "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.01; done"));
        ContainerStatus brief = start(script("brief", "sleep 0.2; echo last words; exit 9"));
        runtime.close();
        EngineFixture.await(() -> text(app).contains("line 40"));
        runtime = fixture.open();
        assertThat(runtime.listPodSandboxes()).containsExactly(before);
        ContainerStatus adopted = runtime.containerStatus(app.id());
        assertThat(adopted.state()).isEqualTo(ContainerStatus.State.RUNNING);
        assertThat(adopted.pid()).isEqualTo(app.pid());
        assertThat(adopted.startedAt()).isEqualTo(app.startedAt());
        ContainerStatus ended = finish(brief);
        assertThat(ended.exit()).get().extracting(ContainerStatus.Exit::code).isEqualTo(9);
        assertThat(text(ended)).isEqualTo("last words\n");
        assertThat(exec(adopted, "echo inside")).isEqualTo("inside\n");
        runtime.stopContainer(app.id(), Duration.ZERO);
        List<String> lines = text(app).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + i);
        }
    }

    @Test
    void exitsAfterARestartOfTheAgentAreAnnounced() throws IOException {
        sandbox();
        ContainerStatus app = start(script("app", "while [ ! -e /go ]; do sleep 0.01; done; exit 3"));
        restartAgent();
        List<RuntimeEvent> events = new CopyOnWriteArrayList<>();
        runtime.onEvent(events::add);
        exec(app, "touch /go");
        EngineFixture.await(() -> events.contains(new RuntimeEvent(POD, app.id())));
        assertThat(finish(app).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(3);
    }

    @Test
    void launcherIsReplacedWhenItIsKilled() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        int launcher = fixture.keepers("keelson-launch").getFirst();
        assertThat(ProcessHandle.of(launcher).orElseThrow().destroyForcibly()).isTrue();
        EngineFixture.await(() -> Processes.startTicks(launcher).isEmpty());
        assertThat(exec(app, "echo alive")).isEqualTo("alive\n");
        start(script("second", "sleep 1000"));
        PodSandboxConfig other = new PodSandboxConfig(
                POD.replace('2', '9'),
                "default",
                "other",
                "other",
                root.resolve("logs"),
                PodSandboxConfig.NamespaceModes.PRIVATE,
                Map.of(),
                Resources.NONE);
        assertThat(runtime.runPodSandbox(other).state()).isEqualTo(PodSandbox.State.READY);
        assertThat(fixture.keepers("keelson-pod")).hasSize(2);
        assertThat(fixture.keepers("keelson-launch")).hasSize(1);
        assertThat(exec(app, "echo alive")).isEqualTo("alive\n");
    }

    @Test
    void deathOfASupervisorEndsItsPodVisibly() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        List<RuntimeEvent> events = new CopyOnWriteArrayList<>();
        runtime.onEvent(events::add);
        int supervisor = fixture.keepers("keelson-pod").getFirst();
        assertThat(ProcessHandle.of(supervisor).orElseThrow().destroyForcibly()).isTrue();
        assertThat(finish(app).exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(255);
            assertThat(exit.message()).contains("supervisor is gone");
        });
        assertThat(runtime.listPodSandboxes().getFirst().state()).isEqualTo(PodSandbox.State.NOT_READY);
        EngineFixture.await(() -> Processes.startTicks(app.pid()).isEmpty());
        assertThatThrownBy(() -> runtime.startContainer(
                        runtime.createContainer(script("late", "id").value()).id()))
                .hasMessageContaining("is stopped");
        EngineFixture.await(() -> events.contains(new RuntimeEvent(POD, app.id())));
        // The pod can be run again, and the old container's record is still there.
        sandbox();
        assertThat(output(script("again", "hostname"))).isEqualTo("web-0\n");
        assertThat(runtime.containerStatus(app.id()).exit()).isPresent();
    }

    @Test
    void supervisorsDeathIsNoticedByTheNextAgent() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        runtime.close();
        fixture.keepers().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        EngineFixture.await(() -> fixture.keepers().isEmpty());
        runtime = fixture.open();
        assertThat(runtime.containerStatus(app.id()).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(255);
        EngineFixture.await(() -> Processes.startTicks(app.pid()).isEmpty());
    }

    @Test
    void halfMadeThingsAreTakenAwayAtStart() throws IOException {
        sandbox();
        runtime.close();
        Path pods = fixture.settings.directory().resolve("pods");
        Files.createDirectories(pods.resolve(".half/c"));
        Files.createDirectories(pods.resolve(POD + "/c/.app_0/upper"));
        Files.createDirectories(fixture.settings.directory().resolve("trash/old/upper"));
        Cgroups cgroups = Cgroups.detect();
        cgroups.create(fixture.settings.cgroupParent() + "/unknown/child");
        cgroups.create(fixture.settings.cgroupParent() + "/" + POD + "/app_0");
        runtime = fixture.open();
        assertThat(output(script("app", "echo fine"))).isEqualTo("fine\n");
        runtime.close();
        assertThat(cgroups.children(fixture.settings.cgroupParent())).containsExactlyInAnyOrder("supervisors", POD);
        assertThat(pods.resolve(".half")).doesNotExist();
        assertThat(fixture.settings.directory().resolve("trash")).isEmptyDirectory();
        runtime = fixture.open();
    }

    @Test
    void nothingIsLeftWhenEverythingIsRemoved() throws IOException {
        sandbox();
        PodSandbox sandbox = runtime.listPodSandboxes().getFirst();
        assertThat(sandbox.networkNamespace()).exists();
        ContainerStatus app = start(script("app", "sleep 1000 & sleep 1000"));
        ContainerStatus done = finish(start(script("done", "exit 0")));
        runtime.removeContainer(done.id());
        runtime.removePodSandbox(POD);
        assertThat(Processes.startTicks(app.pid())).isEmpty();
        assertThat(sandbox.networkNamespace()).doesNotExist();
        runtime.endLauncher();
        runtime.close();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root.toString());
        assertThat(fixture.settings.directory().resolve("pods")).isEmptyDirectory();
        assertThat(fixture.settings.directory().resolve("trash")).isEmptyDirectory();
        assertThat(fixture.settings.idRanges().toFile().list()).containsExactly(".lock");
        EngineFixture.await(() -> fixture.keepers().isEmpty());
        assertThat(Cgroups.detect().children(fixture.settings.cgroupParent())).isEmpty();
        assertThat(app.logFile()).exists();
        runtime = fixture.open();
    }
}
