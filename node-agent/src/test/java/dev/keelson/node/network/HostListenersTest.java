package dev.keelson.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.driver.PortBinding;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostListenersTest {
    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("tcp"), """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100
               1: 0100007F:1F91 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100
            """);
        Files.writeString(directory.resolve("tcp6"), """
              sl  local_address                         remote_address                        st
               0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A
               1: 0000000000000000FFFF000001000A0A:1F92 00000000000000000000000000000000:0000 0A
               2: 000080FE000000000000000001000000:1F93 00000000000000000000000000000000:0000 0A
            """);
        Files.writeString(directory.resolve("udp"), """
               sl  local_address rem_address   st
              117: 0100440A:0035 00000000:0000 07
              118: 0100440A:0036 0100440A:0035 01
            """);
    }

    @Test
    void aPortThatIsListenedOnIsFoundOnEveryAddressThatMeetsIt() {
        assertThat(taken(Protocol.TCP, "", 6443)).contains("0.0.0.0:6443");
        assertThat(taken(Protocol.TCP, "192.0.2.1", 6443)).contains("0.0.0.0:6443");
        assertThat(taken(Protocol.TCP, "", 8080)).contains("127.0.0.1:8080");
        assertThat(taken(Protocol.TCP, "192.0.2.1", 8080)).isEmpty();
        assertThat(taken(Protocol.TCP, "10.10.0.1", 8082)).contains("10.10.0.1:8082");
        assertThat(taken(Protocol.UDP, "", 53)).contains("10.68.0.1:53");
    }

    @Test
    void whatOnlyTalksOrListensElsewhereTakesNothing() {
        assertThat(taken(Protocol.TCP, "", 8081)).isEmpty();
        assertThat(taken(Protocol.TCP, "", 8083)).isEmpty();
        assertThat(taken(Protocol.TCP, "", 53)).isEmpty();
        assertThat(taken(Protocol.UDP, "", 54)).isEmpty();
        assertThat(taken(Protocol.UDP, "", 6443)).isEmpty();
        assertThat(taken(Protocol.SCTP, "", 6443)).isEmpty();
    }

    @Test
    void theMachinesOwnListenersAreSeen() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            PortBinding binding = new PortBinding(Protocol.TCP, Optional.empty(), server.getLocalPort(), 80);
            assertThat(HostListeners.ofThisMachine().takenFrom(binding)).contains("127.0.0.1:" + server.getLocalPort());
        }
    }

    private Optional<String> taken(Protocol protocol, String address, int port) {
        Optional<Ipv4> host =
                Optional.of(address).filter(text -> !text.isEmpty()).map(Ipv4::parse);
        return new HostListeners(directory).takenFrom(new PortBinding(protocol, host, port, 80));
    }
}
