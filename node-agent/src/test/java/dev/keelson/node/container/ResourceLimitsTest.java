package dev.keelson.node.container;

import static dev.keelson.node.resource.SpecPods.amounts;
import static dev.keelson.node.resource.SpecPods.container;
import static dev.keelson.node.resource.SpecPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.runtime.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceLimitsTest {
    private static final long MIB = 1 << 20;
    private final ResourceLimits limits =
            new ResourceLimits(1024 * MIB, amounts("cpu=2 hugepages-2Mi=64Mi hugepages-1Gi=0"));

    @Test
    void requestsAreWeightsAndLimitsAreCaps() {
        PodSpec pod = pod(container("app", "cpu=250m", "cpu=1500m memory=64Mi"));
        Resources app = limits.of(pod, pod.getContainers().getFirst());
        assertThat(app.cpuShares()).hasValue(256);
        assertThat(app.cpuQuotaMicros()).hasValue(150_000);
        assertThat(app.memoryBytes()).hasValue(64 * MIB);
        assertThat(app.pids()).hasValue(4096);
        assertThat(app.oomScoreAdjust()).hasValue(938);
        assertThat(app.hugepages()).isEmpty();
    }

    @Test
    void amountsBeyondTheKernelsNumbersAreTheMostThatItTakes() {
        PodSpec pod = pod(container("app", "cpu=9000000000000000", "cpu=9000000000000000 memory=9000E"));
        Resources app = limits.of(pod, pod.getContainers().getFirst());
        assertThat(app.memoryBytes()).hasValue(Long.MAX_VALUE);
        assertThat(app.cpuQuotaMicros()).hasValue(1L << 43);
        assertThat(app.cpuShares()).hasValue(262_144);
    }

    @Test
    void podWithoutRequestsWeighsLeastAndHasNoCap() {
        Resources pod = limits.ofPod(pod(container("app", "", "")));
        assertThat(pod.cpuShares()).hasValue(2);
        assertThat(pod.cpuQuotaMicros()).isEmpty();
        assertThat(pod.memoryBytes()).isEmpty();
    }

    @Test
    void oneContainerWithoutLimitLeavesThePodWithout() {
        Resources pod = limits.ofPod(pod(container("a", "", "cpu=1 memory=8Mi"), container("b", "", "cpu=1")));
        assertThat(pod.cpuQuotaMicros()).hasValue(200_000);
        assertThat(pod.memoryBytes()).isEmpty();
    }

    @Test
    void podHasRoomForItsHungriestInitContainerAndItsSidecars() {
        Container sidecar = new ContainerBuilder(container("proxy", "", "cpu=1 memory=10Mi"))
                .withRestartPolicy("Always")
                .build();
        PodSpec spec = new PodSpecBuilder(pod(container("app", "", "cpu=1 memory=20Mi")))
                .withInitContainers(sidecar, container("first", "", "cpu=1 memory=100Mi"))
                .build();
        assertThat(limits.ofPod(spec).memoryBytes()).hasValue(110 * MIB);
        assertThat(limits.ofPod(spec).cpuShares()).hasValue(2048);
    }

    @Test
    void podsOwnResourcesAreSharedByItsContainers() {
        PodSpec spec = new PodSpecBuilder(pod(container("a", "cpu=500m", "memory=8Mi"), container("b", "", "")))
                .withResources(container("", "cpu=1", "cpu=2 memory=64Mi").getResources())
                .withOverhead(amounts("memory=1Mi"))
                .build();
        assertThat(limits.ofPod(spec).cpuShares()).hasValue(1024);
        assertThat(limits.ofPod(spec).cpuQuotaMicros()).hasValue(200_000);
        assertThat(limits.ofPod(spec).memoryBytes()).hasValue(65 * MIB);
        Resources a = limits.of(spec, spec.getContainers().getFirst());
        assertThat(a.memoryBytes()).hasValue(8 * MIB);
        assertThat(a.cpuQuotaMicros()).as("the pod's").hasValue(200_000);
        assertThat(limits.of(spec, spec.getContainers().getLast()).memoryBytes())
                .hasValue(64 * MIB);
    }

    @Test
    void overheadOfTheRuntimeClassIsAdded() {
        PodSpec spec = new PodSpecBuilder(pod(container("app", "", "cpu=1 memory=20Mi")))
                .withOverhead(amounts("cpu=500m memory=12Mi"))
                .build();
        assertThat(limits.ofPod(spec).memoryBytes()).hasValue(32 * MIB);
        assertThat(limits.ofPod(spec).cpuShares()).hasValue(1536);
    }

    @Test
    void hugePagesThatAPodDoesNotAskForAreNone() {
        PodSpec spec = pod(container("app", "", "memory=20Mi hugepages-2Mi=8Mi"));
        assertThat(limits.ofPod(spec).hugepages()).isEqualTo(Map.of(2 * MIB, 8 * MIB, 1024 * MIB, 0L));
        assertThat(limits.of(spec, spec.getContainers().getFirst()).hugepages()).isEqualTo(Map.of(2 * MIB, 8 * MIB));
    }
}
