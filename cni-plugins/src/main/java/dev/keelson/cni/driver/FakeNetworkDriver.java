package dev.keelson.cni.driver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A driver that only remembers, for tests of what stands on top of drivers. Addresses are given in order. */
public final class FakeNetworkDriver implements NetworkDriver {
    private final Map<Network, Map<SandboxId, Endpoint>> networks = new HashMap<>();
    private int given;

    @Override
    public String kind() {
        return "fake";
    }

    @Override
    public synchronized void createNetwork(Network network) {
        networks.computeIfAbsent(network, unused -> new TreeMap<>());
    }

    @Override
    public synchronized void deleteNetwork(Network network) {
        networks.remove(network);
    }

    @Override
    public Endpoint reserve(Network network, Sandbox sandbox) {
        return connect(network, sandbox);
    }

    @Override
    public synchronized Endpoint connect(Network network, Sandbox sandbox) {
        return connected(network)
                .computeIfAbsent(
                        sandbox.id(),
                        id -> new Endpoint(
                                id,
                                sandbox.owner(),
                                Optional.of(network.gateway().plus(++given)),
                                sandbox.ports()));
    }

    @Override
    public synchronized void disconnect(Network network, SandboxId sandbox) {
        connected(network).remove(sandbox);
    }

    @Override
    public synchronized List<Endpoint> endpoints(Network network) {
        return List.copyOf(networks.getOrDefault(network, Map.of()).values());
    }

    private Map<SandboxId, Endpoint> connected(Network network) {
        return networks.computeIfAbsent(network, unused -> new TreeMap<>());
    }
}
