package dev.keelson.node.storage;

import static dev.keelson.node.resource.SpecPods.container;
import static dev.keelson.node.resource.SpecPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.DiskUse;
import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.storage.PodStorage.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StorageLimitsTest {
    private static final long MIB = 1 << 20;

    private static final FileSystemUse ROOMY = filled(1000, 400);

    private static FileSystemUse filled(long capacity, long used) {
        return new FileSystemUse(capacity * MIB, (capacity - used) * MIB, (capacity - used) * MIB, 100, 50);
    }

    private static Optional<String> exceeded(PodSpec pod, PodStorage use) {
        return StorageLimits.exceeded(pod, use, ROOMY);
    }

    private static DiskUse disk(long mebibytes) {
        return new DiskUse(mebibytes * MIB, 10);
    }

    private static PodStorage use(long writable, long logs, long scratch) {
        return new PodStorage(
                Map.of("app", new Container(disk(writable), disk(logs))), Map.of("scratch", disk(scratch)));
    }

    private static PodSpec withScratch(PodSpec pod, String medium, String sizeLimit) {
        return new PodSpecBuilder(pod)
                .withVolumes(new VolumeBuilder()
                        .withName("scratch")
                        .withEmptyDir(new EmptyDirVolumeSource(medium, new Quantity(sizeLimit)))
                        .build())
                .build();
    }

    @Test
    void logsCountAsTheContainersOwn() {
        PodSpec pod =
                pod(container("app", "", "ephemeral-storage=10Mi"), container("other", "", "ephemeral-storage=90Mi"));
        assertThat(exceeded(pod, use(6, 4, 0))).isEmpty();
        assertThat(exceeded(pod, use(6, 5, 0)))
                .contains("Container app exceeded its local ephemeral storage limit \"10Mi\". ");
    }

    @Test
    void aLimitBeyondAllDisksIsNotExceeded() {
        PodSpec pod = pod(container("app", "", "ephemeral-storage=9000E"));
        assertThat(exceeded(withScratch(pod, "", "9000E"), use(10, 10, 10))).isEmpty();
    }

    @Test
    void podAsAWholeHasWhatItsContainersHave() {
        PodSpec pod = pod(container("app", "", "ephemeral-storage=10Mi"));
        assertThat(exceeded(pod, use(6, 2, 3)))
                .contains("Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ");
    }

    @Test
    void emptyDirIsHeldToItsSize() {
        PodSpec pod = withScratch(pod(container("app", "", "")), "", "2Mi");
        assertThat(StorageLimits.limited(pod, ROOMY)).isTrue();
        assertThat(exceeded(pod, use(100, 0, 2))).isEmpty();
        assertThat(exceeded(pod, use(0, 0, 3)))
                .contains("Usage of EmptyDir volume \"scratch\" exceeds the limit \"2Mi\". ");
    }

    @Test
    void whatHasNoLimitOnTheDiskIsNotMeasured() {
        assertThat(StorageLimits.limited(pod(container("app", "ephemeral-storage=1Gi", "memory=1Mi")), ROOMY))
                .isFalse();
        assertThat(StorageLimits.limited(withScratch(pod(container("app", "", "")), "Memory", "2Mi"), ROOMY))
                .isFalse();
    }

    @Test
    void halfOfTheDiskIsTheMostWithoutALimit() {
        PodSpec unlimited = pod(container("app", "", ""));
        FileSystemUse full = filled(1000, 600);
        assertThat(StorageLimits.limited(unlimited, full)).isTrue();
        assertThat(StorageLimits.exceeded(unlimited, use(300, 100, 100), full)).isEmpty();
        assertThat(StorageLimits.exceeded(unlimited, use(300, 100, 101), full))
                .contains(
                        "Pod ephemeral local storage usage exceeds half of the node's disk (500Mi), which is the most without"
                                + " a limit of ephemeral-storage. ");
        PodSpec large = pod(container("app", "", "ephemeral-storage=800Mi"));
        assertThat(StorageLimits.exceeded(large, use(300, 100, 101), full)).isEmpty();
    }
}
