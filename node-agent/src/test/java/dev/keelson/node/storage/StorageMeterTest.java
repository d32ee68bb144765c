package dev.keelson.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.ManualClock;
import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.FakeRuntime;
import dev.keelson.node.volume.PodDirectories;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageMeterTest {
    @TempDir
    Path root;

    @Test
    void lookingUpNeverMeasuresAndLetsOthersKnowThatSomebodyLooks() throws IOException {
        PodDirectories directories = new PodDirectories(root);
        StorageMeter meter = new StorageMeter(new FakeRuntime(new ManualClock()), directories);
        DesiredPod pod = Pods.desired(Pods.pod()
                .editSpec()
                .addNewVolume()
                .withName("scratch")
                .withEmptyDir(new EmptyDirVolumeSource())
                .endVolume()
                .endSpec());
        Path scratch = Files.createDirectories(directories.volume(pod.uid(), "scratch"));
        Files.write(scratch.resolve("big"), new byte[100_000]);
        assertThat(meter.isLookedAt()).isFalse();
        assertThat(meter.latest(pod.uid())).isEmpty();
        assertThat(meter.isLookedAt()).isTrue();
        meter.of(pod, Duration.ZERO);
        assertThat(meter.latest(pod.uid()).orElseThrow().total().bytes()).isGreaterThanOrEqualTo(100_000);
        Files.write(scratch.resolve("more"), new byte[1_000_000]);
        assertThat(meter.latest(pod.uid()).orElseThrow().total().bytes()).isLessThan(1_000_000);
        meter.forgetAllBut(Set.of());
        assertThat(meter.latest(pod.uid())).isEmpty();
    }
}
