package dev.keelson.cni.driver;

import dev.keelson.linux.net.Ipv4;
import java.util.List;
import java.util.Optional;

/**
 * The CNM endpoint: a sandbox's place on a network.
 *
 * @param address empty where the driver gives none (a sandbox without network)
 */
public record Endpoint(SandboxId sandbox, String owner, Optional<Ipv4> address, List<PortBinding> ports) {
    public Endpoint {
        ports = List.copyOf(ports);
    }
}
