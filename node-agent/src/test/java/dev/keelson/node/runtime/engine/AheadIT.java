package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Cgroups;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is done for a pod while the kernel makes its sandbox. */
class AheadIT extends EngineTest {
    private static final Resources SOME = memory(48 << 20);

    private final Cgroups cgroups = Cgroups.detect();

    @Test
    void aContainerFindsTheGroupThatWasMadeForIt() {
        sandboxAndExpected();
        EngineFixture.await(() -> cgroups.children(group()).contains("app_0"));

        assertThat(output(script("app", limit()).resources(SOME))).isEqualTo((48 << 20) + "\n");
    }

    @Test
    void nothingStaysOfLimitsThatItWasNotCreatedWith() {
        sandboxAndExpected();

        assertThat(output(script("app", limit()))).isNotEqualTo((48 << 20) + "\n");
    }

    @Test
    void aContainerThatIsNeverCreatedGoesWithItsSandbox() {
        sandboxAndExpected();

        runtime.removePodSandbox(POD);

        EngineFixture.await(
                () -> !cgroups.children(fixture.settings.cgroupParent()).contains(POD));
        assertThat(output(freshSandbox())).isNotEqualTo((48 << 20) + "\n");
    }

    @Test
    void theNextAgentTakesAwayWhatNoContainerIsWrittenDownFor() {
        sandboxAndExpected();
        EngineFixture.await(() -> cgroups.children(group()).contains("app_0"));
        runtime.close();

        runtime = fixture.open();

        EngineFixture.await(() -> cgroups.children(group()).isEmpty());
    }

    @Test
    void whatIsDoneMeanwhileIsDoneOnceAndItsFailureIsTheSandboxes() {
        AtomicInteger times = new AtomicInteger();

        assertThatThrownBy(() -> runtime.runPodSandbox(config(), () -> {
                    times.incrementAndGet();
                    throw Failures.invalid("no room");
                }))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("no room");

        EngineFixture.await(() -> fixture.keepers("keelson-pod").isEmpty());
        assertThat(times).hasValue(1);
        assertThat(runtime.runPodSandbox(config(), times::incrementAndGet)).isEqualTo(runtime.runPodSandbox(config()));
        runtime.runPodSandbox(config(), times::incrementAndGet);
        assertThat(times).hasValue(3);
    }

    private Config freshSandbox() {
        sandbox();
        return script("app", limit());
    }

    private void sandboxAndExpected() {
        runtime.runPodSandbox(config(), () -> runtime.expectContainer(POD, "app", 0, SOME));
    }

    private PodSandboxConfig config() {
        return new PodSandboxConfig(
                POD,
                "default",
                "web",
                "web-0",
                root.resolve("logs"),
                NamespaceModes.PRIVATE,
                Map.of(),
                Resources.NONE,
                "");
    }

    private String limit() {
        return "cat "
                + (cgroups.hierarchies().isEmpty()
                        ? "/sys/fs/cgroup/memory.max"
                        : "/sys/fs/cgroup/memory/memory.limit_in_bytes");
    }

    private String group() {
        return fixture.settings.cgroupParent() + "/" + POD;
    }
}
