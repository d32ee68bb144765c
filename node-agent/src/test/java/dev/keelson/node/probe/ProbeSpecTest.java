package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProbeSpecTest {
    private static final Container CONTAINER = new ContainerBuilder()
            .withName("app")
            .addNewPort()
            .withName("web")
            .withContainerPort(8443)
            .endPort()
            .build();

    @Test
    void whatIsNotSaidIsAsKubernetesHasIt() {
        ProbeSpec spec = ProbeSpec.of(
                        new ProbeBuilder()
                                .withNewTcpSocket()
                                .withPort(new IntOrString(80))
                                .endTcpSocket()
                                .build(),
                        CONTAINER)
                .orElseThrow();
        assertThat(spec)
                .isEqualTo(new ProbeSpec(
                        new ProbeSpec.Check.Tcp("", new ProbeSpec.Port("80", OptionalInt.of(80))),
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        1,
                        3,
                        Optional.empty()));
        assertThat(ProbeSpec.of(null, CONTAINER)).isEmpty();
    }

    @Test
    void everyFieldIsTakenOver() {
        ProbeSpec spec = ProbeSpec.of(
                        new ProbeBuilder()
                                .withInitialDelaySeconds(2)
                                .withPeriodSeconds(3)
                                .withTimeoutSeconds(4)
                                .withSuccessThreshold(5)
                                .withFailureThreshold(6)
                                .withTerminationGracePeriodSeconds(7L)
                                .withNewHttpGet()
                                .withScheme("HTTPS")
                                .withHost("shop.example")
                                .withPath("/up")
                                .withPort(new IntOrString("web"))
                                .withHttpHeaders(new HTTPHeader("X-Who", "probe"))
                                .endHttpGet()
                                .build(),
                        CONTAINER)
                .orElseThrow();
        assertThat(spec)
                .isEqualTo(new ProbeSpec(
                        new ProbeSpec.Check.Http(
                                true,
                                "shop.example",
                                new ProbeSpec.Port("web", OptionalInt.of(8443)),
                                "/up",
                                List.of(new ProbeSpec.Header("X-Who", "probe"))),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        5,
                        6,
                        Optional.of(Duration.ofSeconds(7))));
    }
}
