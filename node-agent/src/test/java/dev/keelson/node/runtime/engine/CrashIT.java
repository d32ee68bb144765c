package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** kill -9 of the agent at arbitrary moments: whatever it was doing, the next one can go on from there. */
class CrashIT extends EngineTest {
    private static final System.Logger LOG = System.getLogger(CrashIT.class.getName());
    private static final int ROUNDS = 8;

    @Test
    void anyMomentIsAGoodOneToBeKilled() throws IOException {
        long seed = System.nanoTime();
        LOG.log(System.Logger.Level.INFO, "crash seed={0}", Long.toString(seed));
        Random random = new Random(seed);
        runtime.close();
        for (int round = 0; round < ROUNDS; round++) {
            Process victim = victim(random.nextLong());
            try {
                assertThat(victim.inputReader().readLine()).isEqualTo("ready");
                LockSupport.parkNanos(random.nextInt(20, 300) * 1_000_000L);
            } finally {
                victim.destroyForcibly();
                victim.onExit().join();
            }
            runtime = fixture.open();
            assertThat(Files.readString(root.resolve("victim.log"))).doesNotContain("Exception in thread");
            assertRecordsAreTrue();
            if (random.nextBoolean()) {
                assertEverythingCanBeRemoved();
            }
            runtime.close();
        }
        runtime = fixture.open();
        assertEverythingCanBeRemoved();
    }

    private Process victim(long seed) throws IOException {
        return new ProcessBuilder(fixture.victim(Long.toString(seed)))
                .redirectError(root.resolve("victim.log").toFile())
                .start();
    }

    private void assertRecordsAreTrue() {
        List<String> ready = runtime.listPodSandboxes().stream()
                .filter(sandbox -> sandbox.state() == PodSandbox.State.READY)
                .map(PodSandbox::uid)
                .toList();
        for (ContainerStatus container : runtime.listContainers()) {
            if (container.state() == ContainerStatus.State.RUNNING) {
                assertThat(ready).contains(container.podUid());
                assertThat(Processes.startTicks(container.pid())).isPresent();
            }
        }
        assertThat(runtime.listPodSandboxes().stream()
                        .filter(sandbox -> ready.contains(sandbox.uid()))
                        .map(PodSandbox::rootUid))
                .doesNotHaveDuplicates();
    }

    private void assertEverythingCanBeRemoved() {
        runtime.listPodSandboxes().forEach(sandbox -> runtime.removePodSandbox(sandbox.uid()));
        assertThat(runtime.listContainers()).isEmpty();
        runtime.close();
        assertThat(fixture.settings.directory().resolve("pods")).isEmptyDirectory();
        assertThat(fixture.settings.directory().resolve("trash")).isEmptyDirectory();
        assertThat(Cgroups.detect().children(fixture.settings.cgroupParent())).isSubsetOf("supervisors");
        EngineFixture.await(() -> fixture.keepers("keelson-pod").isEmpty());
        // Besides the launcher, what it made for the next pod: a supervisor and the process in its namespaces.
        assertThat(fixture.keepers()).hasSizeLessThanOrEqualTo(3);
        runtime = fixture.open();
    }
}
