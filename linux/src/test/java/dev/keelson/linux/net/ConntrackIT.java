package dev.keelson.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.net.Flow.SocketEnd;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real connections of a namespace to itself. */
class ConntrackIT {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
    private static final Ipv4 OTHER = Ipv4.parse("127.0.0.2");

    private NetworkNamespace namespace;
    private Conntrack conntrack;

    @BeforeEach
    void open() {
        namespace = NetworkNamespace.create();
        try (Rtnetlink links = Rtnetlink.open(namespace)) {
            links.setUp(links.requireLink("lo"));
        }
        // Connections are tracked where a rule looks at them.
        NamespaceCommand.run(namespace, "nft", "add table ip t");
        NamespaceCommand.run(namespace, "nft", "add chain ip t o { type filter hook output priority 0; }");
        NamespaceCommand.run(namespace, "nft", "add rule ip t o ct state invalid drop");
        conntrack = Conntrack.open(namespace);
    }

    @AfterEach
    void close() {
        conntrack.close();
        namespace.close();
    }

    @Test
    void listsConnectionsByWhoAnswersAndByProtocol() throws IOException {
        try (DatagramSocket udp = namespace.call(() -> new DatagramSocket());
                ServerSocket server = namespace.call(() -> new ServerSocket(8080));
                Socket one = connect(LOOPBACK);
                Socket other = connect(OTHER)) {
            udp.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(LOOPBACK.toString()), 53));

            assertThat(server.isBound()).isTrue();
            assertThat(conntrack.flowsAnsweredBy(OTHER))
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.source().port()).isEqualTo(other.getLocalPort()))
                    .matches(Flow::isEstablishedTcp);
            assertThat(conntrack.flowsAnsweredBy(LOOPBACK))
                    .extracting(Flow::destination)
                    .containsExactlyInAnyOrder(new SocketEnd(LOOPBACK, 8080), new SocketEnd(LOOPBACK, 53));
            assertThat(conntrack.flowsOf(TCP)).hasSize(2).allMatch(flow -> flow.protocol() == TCP);
            assertThat(conntrack.flowsOf(UDP))
                    .singleElement()
                    .extracting(Flow::destination)
                    .isEqualTo(new SocketEnd(LOOPBACK, 53));
            assertThat(one.isConnected()).isTrue();
        }
    }

    @Test
    void forgetsAConnection() throws IOException {
        try (DatagramSocket udp = namespace.call(() -> new DatagramSocket())) {
            udp.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(LOOPBACK.toString()), 53));
            Flow flow = conntrack.flowsOf(UDP).getFirst();

            conntrack.delete(flow);
            conntrack.delete(flow);

            assertThat(conntrack.flowsOf(UDP)).isEmpty();
        }
    }

    private Socket connect(Ipv4 address) throws IOException {
        // The descriptor is made by the first call that needs one, which has to happen in the namespace.
        Socket socket = namespace.call(() -> {
            Socket fresh = new Socket();
            fresh.bind(new InetSocketAddress(0));
            return fresh;
        });
        socket.connect(new InetSocketAddress(address.toString(), 8080), 3000);
        return socket;
    }
}
