package dev.keelson.node.pod.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredPodsTest {
    @ParameterizedTest
    @CsvSource({"7,7", "0,0", "-7,1"})
    void aPodThatAsksForNegativeTimeGetsASecond(long asked, long given) {
        DesiredPod pod = Pods.desired(
                Pods.pod().editSpec().withTerminationGracePeriodSeconds(asked).endSpec());
        assertThat(pod.grace()).isEqualTo(Duration.ofSeconds(given));
    }

    @Test
    void timesBeyondAllMeasureCanStillBeReckonedWith() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        DesiredPod pod = Pods.desired(Pods.pod()
                .editMetadata()
                .withDeletionTimestamp("9999-12-31T23:59:59Z")
                .withDeletionGracePeriodSeconds(Long.MAX_VALUE)
                .endMetadata()
                .editSpec()
                .withTerminationGracePeriodSeconds(Long.MAX_VALUE)
                .withActiveDeadlineSeconds(Long.MAX_VALUE)
                .editFirstContainer()
                .withNewLivenessProbe()
                .withTerminationGracePeriodSeconds(Long.MAX_VALUE)
                .endLivenessProbe()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withStartTime(now.toString())
                .endStatus());
        DesiredContainer app = pod.containers().getFirst();
        Lifecycle.Terminating ending = (Lifecycle.Terminating) pod.lifecycle();

        assertThat(pod.deadlineExceeded(now)).isFalse();
        assertThat(List.of(
                        pod.grace(),
                        app.graceAfter(app.liveness(), pod.grace()),
                        ending.remaining(now, Duration.ofSeconds(2))))
                .allSatisfy(grace -> {
                    assertThat(now.plus(grace)).isAfter(now);
                    assertThat(grace.toNanos()).isPositive();
                });
    }
}
