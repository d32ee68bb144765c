package dev.keelson.node.resource;

import static dev.keelson.node.resource.SpecPods.container;
import static dev.keelson.node.resource.SpecPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QosTest {
    private static final long CAPACITY = 1L << 30;

    @ParameterizedTest(name = "{0} / {1} is {2} and {3}")
    @CsvSource({
        "'',                      '',                      BEST_EFFORT, 1000",
        "ephemeral-storage=1Gi,   '',                      BEST_EFFORT, 1000",
        "memory=512Mi,            '',                      BURSTABLE,   500",
        "memory=1Gi,              '',                      BURSTABLE,   3",
        "memory=1,                '',                      BURSTABLE,   999",
        "cpu=1,                   '',                      BURSTABLE,   999",
        "'',                      memory=256Mi,            BURSTABLE,   750",
        "'',                      cpu=1 memory=256Mi,      GUARANTEED,  -997",
        "cpu=1 memory=256Mi,      cpu=1000m memory=256Mi,  GUARANTEED,  -997",
        "cpu=500m memory=256Mi,   cpu=1 memory=256Mi,      BURSTABLE,   750",
    })
    void classDecidesWhomTheKernelEndsFirst(String requests, String limits, QosClass qos, int score) {
        PodSpec pod = pod(container("app", requests, limits));
        assertThat(QosClass.of(pod)).isEqualTo(qos);
        assertThat(OomScore.of(pod, pod.getContainers().getFirst(), CAPACITY)).isEqualTo(score);
    }

    @Test
    void initContainerWithoutLimitsMakesItBurstable() {
        PodSpec pod = new PodSpecBuilder(pod(container("app", "", "cpu=1 memory=1Mi")))
                .withInitContainers(container("first", "", ""))
                .build();
        assertThat(QosClass.of(pod)).isEqualTo(QosClass.BURSTABLE);
    }

    @ParameterizedTest(name = "pod {0} / {1} with container {2} is {3} and {4}")
    @CsvSource({
        "cpu=1 memory=512Mi, cpu=1 memory=512Mi, '',                GUARANTEED, -997",
        "memory=512Mi,       '',                 '',                BURSTABLE,  500",
        "memory=512Mi,       '',                 memory=256Mi,      BURSTABLE,  500",
        "'',                 memory=512Mi,       '',                BURSTABLE,  500",
        "memory=512Mi,       memory=512Mi,       cpu=1 memory=1Mi,  BURSTABLE,  500",
    })
    void podThatAsksAsAWholeIsJudgedAsAWhole(
            String requests, String limits, String ofContainer, QosClass qos, int score) {
        PodSpec pod = new PodSpecBuilder(pod(container("app", ofContainer, ofContainer)))
                .withResources(container("", requests, limits).getResources())
                .build();
        assertThat(QosClass.of(pod)).isEqualTo(qos);
        assertThat(OomScore.of(pod, pod.getContainers().getFirst(), CAPACITY)).isEqualTo(score);
    }

    @Test
    void nodeCriticalPodIsAsSafeAsAGuaranteedOne() {
        PodSpec pod = new PodSpecBuilder(pod(container("app", "", "")))
                .withPriorityClassName("system-node-critical")
                .build();
        assertThat(OomScore.of(pod, pod.getContainers().getFirst(), CAPACITY)).isEqualTo(-997);
        assertThat(Priorities.isCritical(pod)).isTrue();
    }
}
