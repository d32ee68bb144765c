package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.ManualClock;
import dev.keelson.node.runtime.FakeRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NodeProberTest {
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);
    private static final ProbeTarget TARGET = new ProbeTarget(
            "uid-1",
            "id",
            "app",
            "127.0.0.1",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ProbeVerdict.UNKNOWN);

    private final NodeProber prober = new NodeProber(new FakeRuntime(new ManualClock()));

    @Test
    void theLongestTimeoutIsWaitedWithAndNotStumbledOver() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(prober.check(tcp("127.0.0.1", server.getLocalPort()), TARGET, LONGEST)
                            .success())
                    .isTrue();
        }
    }

    @Test
    void whateverIsOddAboutAProbeIsAFailureOfIt() {
        assertThat(prober.check(tcp("127.0.0.1", 70_000), TARGET, LONGEST).success())
                .isFalse();
        assertThat(prober.check(new ProbeSpec.Check.Exec(List.of()), TARGET, LONGEST)
                        .success())
                .isFalse();
    }

    private static ProbeSpec.Check tcp(String host, int port) {
        return new ProbeSpec.Check.Tcp(host, new ProbeSpec.Port(String.valueOf(port), OptionalInt.of(port)));
    }
}
