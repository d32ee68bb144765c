package dev.keelson.cni.ipam;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Ipv4;
import java.util.List;
import java.util.Optional;

/** An address that belongs to a sandbox until it is released, and the ports that lead to it. */
public record Lease(SandboxId sandbox, String owner, Ipv4 address, List<PortBinding> ports) {
    public Lease {
        ports = List.copyOf(ports);
    }

    public Endpoint endpoint() {
        return new Endpoint(sandbox, owner, Optional.of(address), ports);
    }
}
