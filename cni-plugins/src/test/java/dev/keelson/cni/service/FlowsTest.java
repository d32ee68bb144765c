package dev.keelson.cni.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.service.ServiceRules.UdpDestination;
import dev.keelson.linux.net.Flow;
import dev.keelson.linux.net.Flow.SocketEnd;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowsTest {
    private static final Ipv4 VIP = Ipv4.parse("10.128.0.10");
    private static final Ipv4 POD = Ipv4.parse("10.0.0.2");
    private static final Ipv4 GONE = Ipv4.parse("10.0.0.3");
    private static final Ipv4 NODE = Ipv4.parse("192.0.2.2");
    private static final Map<UdpDestination, Set<SocketEnd>> UDP = Map.of(
            new UdpDestination(VIP, 53), Set.of(new SocketEnd(POD, 5353)),
            new UdpDestination(UdpDestination.ANY, 30053), Set.of(new SocketEnd(POD, 5353)));

    @Test
    void udpThatLeadsToAnEndpointThatIsGoneIsStale() {
        Flow flow = udp(VIP, 53, GONE, 5353);

        assertThat(StaleFlows.among(List.of(flow, udp(VIP, 53, POD, 5353)), UDP))
                .containsExactly(flow);
    }

    @Test
    void udpThatLeadsToAPortThatAnEndpointNoLongerServesIsStale() {
        Flow flow = udp(VIP, 53, POD, 5300);

        assertThat(StaleFlows.among(List.of(flow), UDP)).containsExactly(flow);
    }

    @Test
    void udpFromBeforeTheServiceHadEndpointsIsStale() {
        Flow untranslated = udp(VIP, 53, VIP, 53);

        assertThat(StaleFlows.among(List.of(untranslated), UDP)).containsExactly(untranslated);
    }

    @Test
    void nodePortsAreJudgedWhereTheConnectionWasRedirected() {
        Flow stale = udp(NODE, 30053, GONE, 5353);
        Flow somebodyElses = udp(Ipv4.parse("203.0.113.9"), 30053, Ipv4.parse("203.0.113.9"), 30053);

        assertThat(StaleFlows.among(List.of(stale, somebodyElses), UDP)).containsExactly(stale);
    }

    @Test
    void otherConnectionsAreLeftAlone() {
        Flow tcp = tcp(GONE, 3, 432_000);
        Flow otherPort = udp(VIP, 54, GONE, 5353);

        assertThat(StaleFlows.among(List.of(tcp, otherPort), UDP)).isEmpty();
    }

    @ParameterizedTest(name = "state {0}, {1} s left: busy {2}")
    @CsvSource({
        "1, 119, true",
        "2, 59, true",
        "3, 432000, true",
        "3, 431999, true",
        "3, 431998, false",
        "3, 400000, false",
        "3, 300, true",
        "3, 299, true",
        "3, 297, false",
        "4, 100, true",
        "5, 50, true",
        "6, 29, false",
        "7, 119, false",
        "8, 9, false"
    })
    void aConnectionIsBusyWhileItMayCarryAnAnswer(int state, int secondsLeft, boolean expected) {
        FlowActivity activity = new FlowActivity(Duration.ofSeconds(432_000), Duration.ofSeconds(300));

        assertThat(activity.isBusyThroughService(tcp(POD, state, secondsLeft), POD))
                .isEqualTo(expected);
        assertThat(activity.isBusyThroughService(tcp(GONE, state, secondsLeft), POD))
                .isFalse();
    }

    @Test
    void directConnectionsDoNotHoldAPodUp() {
        FlowActivity activity = new FlowActivity(Duration.ofSeconds(432_000), Duration.ofSeconds(300));
        Flow probe = flow(Protocol.TCP, POD, 8080, POD, 8080, 3, 432_000);

        assertThat(activity.isBusyThroughService(probe, POD)).isFalse();
    }

    private static Flow udp(Ipv4 destination, int port, Ipv4 answeredBy, int answeredPort) {
        return flow(Protocol.UDP, destination, port, answeredBy, answeredPort, 0, 30);
    }

    private static Flow tcp(Ipv4 answeredBy, int state, int secondsLeft) {
        return flow(Protocol.TCP, VIP, 80, answeredBy, 8080, state, secondsLeft);
    }

    private static Flow flow(
            Protocol protocol, Ipv4 destination, int port, Ipv4 answeredBy, int answeredPort, int state, int left) {
        return new Flow(
                protocol.number(),
                new SocketEnd(Ipv4.parse("10.0.0.99"), 40_000),
                new SocketEnd(destination, port),
                new SocketEnd(answeredBy, answeredPort),
                state,
                Duration.ofSeconds(left));
    }
}
