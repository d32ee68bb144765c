package dev.keelson.cni.none;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Rtnetlink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sandboxes with a loopback device and nothing else. They hold nothing of the host, so nothing is kept on disk. */
public final class NoneDriver implements NetworkDriver {
    private final Map<SandboxId, Endpoint> endpoints = new TreeMap<>();

    @Override
    public String kind() {
        return "none";
    }

    @Override
    public void createNetwork(Network network) {
        // There is no segment.
    }

    @Override
    public synchronized void deleteNetwork(Network network) {
        endpoints.clear();
    }

    @Override
    public synchronized Endpoint reserve(Network network, Sandbox sandbox) {
        if (!sandbox.ports().isEmpty()) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "%s asks for host port %s but has no network"
                            .formatted(sandbox.owner(), sandbox.ports().getFirst()));
        }
        return endpoints.computeIfAbsent(
                sandbox.id(), id -> new Endpoint(id, sandbox.owner(), Optional.empty(), List.of()));
    }

    @Override
    public synchronized Endpoint connect(Network network, Sandbox sandbox) {
        Endpoint endpoint = reserve(network, sandbox);
        try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.networkNamespace());
                Rtnetlink inside = Rtnetlink.open(namespace)) {
            inside.setUp(inside.requireLink("lo"));
        }
        return endpoint;
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
