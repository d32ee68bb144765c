package dev.keelson.cni.host;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Ipv4;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sandboxes that share the host's own network. Host ports are the ports that they listen at themselves. */
public final class HostDriver implements NetworkDriver {
    private final Ipv4 hostAddress;
    private final Map<SandboxId, Endpoint> endpoints = new TreeMap<>();

    /** @param hostAddress what other nodes reach this one at; every endpoint has it */
    public HostDriver(Ipv4 hostAddress) {
        this.hostAddress = hostAddress;
    }

    @Override
    public String kind() {
        return "host";
    }

    @Override
    public void createNetwork(Network network) {
        // The host's network is there.
    }

    @Override
    public synchronized void deleteNetwork(Network network) {
        endpoints.clear();
    }

    @Override
    public Endpoint reserve(Network network, Sandbox sandbox) {
        return connect(network, sandbox);
    }

    @Override
    public synchronized Endpoint connect(Network network, Sandbox sandbox) {
        return endpoints.computeIfAbsent(
                sandbox.id(), id -> new Endpoint(id, sandbox.owner(), Optional.of(hostAddress), sandbox.ports()));
    }

    @Override
    public synchronized void disconnect(Network network, SandboxId sandbox) {
        endpoints.remove(sandbox);
    }

    @Override
    public synchronized List<Endpoint> endpoints(Network network) {
        return List.copyOf(endpoints.values());
    }
}
