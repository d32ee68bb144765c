package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import dev.keelson.node.runtime.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Containers in groups of the unified hierarchy. On a hybrid machine that tree has no memory, cpu and pids
 * controllers: what is proven here is everything but the limits, which machines with v2 alone prove with the others.
 */
class UnifiedGroupsIT extends EngineTest {
    private Optional<Cgroups> unified = Optional.empty();

    private void openUnified() throws IOException {
        Optional<Path> root = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ")[4]))
                .findFirst();
        // A machine with v1 alone has nothing to try this on.
        assumeThat(root).isPresent();
        unified = root.map(Cgroups::unified);
        runtime.close();
        runtime = LauncherRuntime.open(fixture.settings, Clock.systemUTC(), unified.orElseThrow());
    }

    @AfterEach
    void removeGroups() {
        removeAll();
        unified.ifPresent(cgroups -> {
            cgroups.kill(fixture.settings.cgroupParent());
            EngineFixture.await(() -> cgroups.remove(fixture.settings.cgroupParent()));
        });
        runtime = fixture.open();
    }

    @Test
    void containersAreBornInTheirGroupAndEndWithIt() throws IOException {
        openUnified();
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000 & sleep 1000"));
        String group = fixture.settings.cgroupParent() + "/" + POD + "/app_0";
        assertThat(Files.readString(Path.of("/proc/" + app.pid() + "/cgroup"))).contains("0::/" + group);
        assertThat(exec(app, "cat /proc/self/cgroup")).contains("0::/\n");
        assertThat(exec(app, "cat /sys/fs/cgroup/cgroup.procs")).contains("1\n");
        assertThat(exec(app, "mkdir /sys/fs/cgroup/x")).contains("Read-only");
        runtime.stopContainer(app.id(), Duration.ZERO);
        assertThat(Processes.startTicks(app.pid())).isEmpty();
        runtime.removePodSandbox(POD);
        runtime.close();
        assertThat(unified.orElseThrow().children(fixture.settings.cgroupParent()))
                .containsExactly("supervisors");
    }
}
