package dev.keelson.node.pod.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.Pods;
import java.time.Duration;
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
}
