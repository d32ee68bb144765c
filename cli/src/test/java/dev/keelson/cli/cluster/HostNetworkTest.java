package dev.keelson.cli.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class HostNetworkTest {
    @Test
    void portOfPrivilegedProgramsIsRefusedBeforeAnythingStarts() {
        assertThatThrownBy(() -> HostNetwork.requireUsable(0))
                .isInstanceOf(CliException.class)
                .hasMessageContainingAll("--https-port 0", "choose");
    }

    @Test
    void portThatIsTakenNamesItsOwner() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> HostNetwork.requireUsable(taken.getLocalPort()))
                    .hasMessageContainingAll("in use by", "--https-port");
        }
    }

    @Test
    void freePortIsUsable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatCode(() -> HostNetwork.requireUsable(port)).doesNotThrowAnyException();
    }
}
