package dev.keelson.cni.driver;

import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.util.Optional;

/** A port of the host that leads to a port of a sandbox. @param hostAddress empty for all addresses of the host */
public record PortBinding(Protocol protocol, Optional<Ipv4> hostAddress, int hostPort, int sandboxPort) {
    public PortBinding {
        requirePort(hostPort);
        requirePort(sandboxPort);
    }

    /** Whether both want the same port of the same address. */
    public boolean conflictsWith(PortBinding other) {
        boolean sameAddress =
                hostAddress.isEmpty() || other.hostAddress.isEmpty() || hostAddress.equals(other.hostAddress);
        return protocol == other.protocol && hostPort == other.hostPort && sameAddress;
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID, "%d is not a port from 1 to 65535".formatted(port));
        }
    }

    @Override
    public String toString() {
        return "%s %s:%d".formatted(protocol, hostAddress.map(Ipv4::toString).orElse("*"), hostPort);
    }
}
