package dev.keelson.cni.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
    @Test
    void takesNameServersInOrderAndNothingElse() {
        assertThat(ResolvConf.nameServers(List.of(
                        "# nameserver 192.0.2.9",
                        "search example.org",
                        "nameserver 192.0.2.1",
                        "  nameserver\t2001:db8::1  ",
                        "nameserver",
                        "nameserver not.an.address.example",
                        "options ndots:5")))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
    }

    @Test
    void aMissingFileNamesNone() {
        assertThat(ResolvConf.nameServers(Path.of("/nonexistent/resolv.conf"))).isEmpty();
    }
}
