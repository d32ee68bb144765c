package dev.keelson.node.network;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.node.NodeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The network of pods on one CNM network of this node. Thread-safe. */
public final class CnmNetworkSandbox implements NetworkSandbox, AutoCloseable {
    private static final Logger LOG = System.getLogger(CnmNetworkSandbox.class.getName());

    private final NetworkDriver driver;
    private final Network network;
    private final ExecutorService cleaner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("keelson-network-cleaner").factory());
    private final Map<SandboxId, Future<?>> leaving = new ConcurrentHashMap<>();

    /** Makes the network on this node, or takes over what an earlier agent left. */
    public CnmNetworkSandbox(NetworkDriver driver, Network network) {
        this.driver = driver;
        this.network = network;
        translated("make network " + network.name(), () -> {
            driver.createNetwork(network);
            return network;
        });
    }

    @Override
    public PodNetwork attach(PodAttachment pod) {
        String owner = pod.namespace() + "/" + pod.name();
        return translated("connect pod " + owner, () -> {
            SandboxId id = new SandboxId(pod.uid());
            awaitLeft(id);
            List<PortBinding> ports =
                    pod.hostPorts().stream().map(CnmNetworkSandbox::binding).toList();
            Endpoint endpoint = driver.connect(network, new Sandbox(id, owner, pod.networkNamespace(), ports));
            return new PodNetwork(
                    endpoint.address().map(Ipv4::toString).stream().toList());
        });
    }

    /** Returns at once unless the pod holds host ports: deleting a device takes the kernel tens of milliseconds. */
    @Override
    public void detach(String podUid) {
        SandboxId id = new SandboxId(podUid);
        Optional<Endpoint> held = endpoint(id);
        if (held.isEmpty()) {
            return;
        }
        Future<?> done = leaving.computeIfAbsent(id, unused -> cleaner.submit(() -> leave(id)));
        if (!held.get().ports().isEmpty()) {
            // The next pod with these ports may already wait.
            await(done);
        }
    }

    private void leave(SandboxId id) {
        try {
            driver.disconnect(network, id);
        } catch (RuntimeException failure) {
            // The lease is still there, so attached() shows the pod again and the caller repeats the detach.
            LOG.log(Level.WARNING, "cannot disconnect sandbox={0} cause=\"{1}\"", id, failure.getMessage());
        } finally {
            leaving.remove(id);
        }
    }

    @Override
    public List<String> attached() {
        return driver.endpoints(network).stream()
                .map(Endpoint::sandbox)
                .filter(id -> !leaving.containsKey(id))
                .map(SandboxId::value)
                .toList();
    }

    @Override
    public String dnsServer() {
        return network.gateway().toString();
    }

    /** Removes the network with all that pods hold of it. */
    public void removeAll() {
        leaving.values().forEach(CnmNetworkSandbox::await);
        translated("remove network " + network.name(), () -> {
            driver.deleteNetwork(network);
            return network;
        });
    }

    /** Waits for pending removals; what pods hold stays. */
    @Override
    public void close() {
        cleaner.close();
    }

    private Optional<Endpoint> endpoint(SandboxId id) {
        Stream<Endpoint> all = translated("list pods", () -> driver.endpoints(network)).stream();
        return all.filter(endpoint -> endpoint.sandbox().equals(id)).findFirst();
    }

    private void awaitLeft(SandboxId id) {
        Optional.ofNullable(leaving.get(id)).ifPresent(CnmNetworkSandbox::await);
    }

    private static void await(Future<?> pending) {
        try {
            pending.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NodeException(
                    NodeException.Kind.TRANSIENT, "NetworkNotReady", "interrupted while a pod was disconnected");
        } catch (ExecutionException failure) {
            throw new NodeException(
                    NodeException.Kind.INTERNAL, "NetworkNotReady", "cannot disconnect a pod: " + failure.getCause());
        }
    }

    private static PortBinding binding(HostPort port) {
        Optional<Ipv4> address = Optional.of(port.hostIp())
                .filter(text -> !text.isEmpty() && !text.equals("0.0.0.0"))
                .map(Ipv4::parse);
        String protocol = port.protocol().isEmpty() ? "TCP" : port.protocol().toUpperCase(Locale.ROOT);
        return new PortBinding(Protocol.valueOf(protocol), address, port.hostPort(), port.containerPort());
    }

    private static <T> T translated(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (NetworkException failure) {
            throw new NodeException(
                    kind(failure.kind()),
                    "FailedCreatePodSandBox",
                    "cannot %s: %s".formatted(what, failure.getMessage()),
                    failure);
        } catch (IllegalArgumentException invalid) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "FailedCreatePodSandBox",
                    "cannot %s: %s".formatted(what, invalid.getMessage()),
                    invalid);
        }
    }

    private static NodeException.Kind kind(NetworkException.Kind kind) {
        return switch (kind) {
            case INVALID -> NodeException.Kind.INVALID;
            case CONFLICT -> NodeException.Kind.CONFLICT;
            case TRANSIENT -> NodeException.Kind.TRANSIENT;
            case INTERNAL -> NodeException.Kind.INTERNAL;
        };
    }
}
