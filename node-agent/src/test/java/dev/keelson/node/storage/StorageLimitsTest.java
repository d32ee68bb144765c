package dev.keelson.node.storage;

import static dev.keelson.node.resource.SpecPods.container;
import static dev.keelson.node.resource.SpecPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.DiskUse;
import dev.keelson.node.storage.PodStorage.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageLimitsTest {
    private static final long MIB = 1 << 20;

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
        assertThat(StorageLimits.exceeded(pod, use(6, 4, 0))).isEmpty();
        assertThat(StorageLimits.exceeded(pod, use(6, 5, 0)))
                .contains("Container app exceeded its local ephemeral storage limit \"10Mi\". ");
    }

    @Test
    void podAsAWholeHasWhatItsContainersHave() {
        PodSpec pod = pod(container("app", "", "ephemeral-storage=10Mi"));
        assertThat(StorageLimits.exceeded(pod, use(6, 2, 3)))
                .contains("Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ");
    }

    @Test
    void emptyDirIsHeldToItsSize() {
        PodSpec pod = withScratch(pod(container("app", "", "")), "", "2Mi");
        assertThat(StorageLimits.limited(pod)).isTrue();
        assertThat(StorageLimits.exceeded(pod, use(100, 0, 2))).isEmpty();
        assertThat(StorageLimits.exceeded(pod, use(0, 0, 3)))
                .contains("Usage of EmptyDir volume \"scratch\" exceeds the limit \"2Mi\". ");
    }

    @Test
    void whatHasNoLimitOnTheDiskIsNotMeasured() {
        assertThat(StorageLimits.limited(pod(container("app", "ephemeral-storage=1Gi", "memory=1Mi"))))
                .isFalse();
        assertThat(StorageLimits.limited(withScratch(pod(container("app", "", "")), "Memory", "2Mi")))
                .isFalse();
    }
}
