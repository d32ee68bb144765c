package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Cgroups;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Between create and start a container is made up to its program, which nobody may see run. */
class PreparedIT extends EngineTest {
    /** Of a process that is the first in a process namespace of its own. */
    private static final Pattern NUMBER_ONE = Pattern.compile("NSpid:\\t\\d+\\t1\n");

    private final Cgroups cgroups = Cgroups.detect();

    @Test
    void theProgramRunsWhenItIsStartedInTheProcessThatWaitedForIt() {
        sandbox();
        ContainerStatus created = prepare(script("app", "sleep 1000 & wait"));
        long waiting = members().getFirst();
        assertThat(ProcessHandle.of(waiting).flatMap(process -> process.info().command()))
                .hasValueSatisfying(command -> assertThat(command).contains("memfd"));

        ContainerStatus started = runtime.startContainer(created.id());

        assertThat(started.pid()).isEqualTo((int) waiting);
        assertThat(exec(started, "cat /proc/1/comm")).isEqualTo("sh\n");
    }

    @Test
    void theNextAgentStartsWhatThisOnePrepared() {
        sandbox();
        ContainerStatus created = prepare(script("app", "sleep 1000"));
        long waiting = members().getFirst();
        runtime.close();
        runtime = fixture.open();

        assertThat(runtime.containerStatus(created.id()).state()).isEqualTo(ContainerStatus.State.CREATED);
        assertThat(runtime.startContainer(created.id()).pid()).isEqualTo((int) waiting);
    }

    @Test
    void whatIsRemovedBeforeItsStartLeavesNoProcess() {
        sandbox();
        ContainerStatus created = prepare(script("app", "sleep 1000"));

        runtime.removeContainer(created.id());

        EngineFixture.await(() -> cgroups.children(group()).isEmpty());
        assertThat(runtime.listContainers()).isEmpty();
    }

    @Test
    void whatIsStoppedBeforeItsStartHasNeverRun() {
        sandbox();
        ContainerStatus created = prepare(script("app", "sleep 1000"));

        runtime.stopPodSandbox(POD);

        EngineFixture.await(() -> members().isEmpty());
        assertThat(runtime.containerStatus(created.id()).state()).isEqualTo(ContainerStatus.State.CREATED);
    }

    @Test
    void whatWentWrongIsToldByTheStart() {
        sandbox();
        ContainerStatus created = runtime.createContainer(script("app", "true")
                .mount(root.resolve("missing"), "/data", false)
                .value());
        EngineFixture.await(() -> members().isEmpty());
        assertThat(runtime.containerStatus(created.id()).state()).isEqualTo(ContainerStatus.State.CREATED);

        assertThatThrownBy(() -> runtime.startContainer(created.id()))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.reason())
                        .isEqualTo("RunContainerError"))
                .hasMessageContaining("cannot mount volume source");
        assertThat(runtime.containerStatus(created.id()).exit()).get().satisfies(exit -> assertThat(exit.reason())
                .isEqualTo("StartError"));
    }

    @Test
    void aProcessThatWasKilledWhileItWaitedIsAFailedStart() {
        sandbox();
        ContainerStatus created = prepare(script("app", "sleep 1000"));
        members().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        EngineFixture.await(() -> members().isEmpty());

        assertThatThrownBy(() -> runtime.startContainer(created.id())).hasMessageContaining("died while it was set up");
    }

    @Test
    void whatWasPreparedInASandboxThatIsLostStartsInTheNext() {
        sandbox();
        ContainerStatus created = prepare(script("app", "echo up"));
        fixture.keepers("keelson-pod").forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        EngineFixture.await(() -> runtime.listPodSandboxes().getFirst().state() == PodSandbox.State.NOT_READY
                && members().isEmpty());

        sandbox();

        assertThat(text(finish(runtime.startContainer(created.id())))).isEqualTo("up\n");
    }

    /** Creates the container and waits until its own first process, which comes after two that make it, has come to rest. */
    private ContainerStatus prepare(Config config) {
        ContainerStatus created = runtime.createContainer(config.value());
        assertThat(created.state()).isEqualTo(ContainerStatus.State.CREATED);
        EngineFixture.await(() -> members().size() == 1 && waits(members().getFirst()));
        return created;
    }

    private static boolean waits(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            return status.contains("State:\tS") && NUMBER_ONE.matcher(status).find();
        } catch (IOException gone) {
            return false;
        }
    }

    private List<Long> members() {
        try {
            Path directory = cgroups.directories(group() + "/app_0").getFirst();
            return Files.readAllLines(directory.resolve("cgroup.procs")).stream()
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    private String group() {
        return fixture.settings.cgroupParent() + "/" + POD;
    }
}
