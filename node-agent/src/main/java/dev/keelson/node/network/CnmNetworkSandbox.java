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
import java.nio.file.Path;
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

    private static final Path NO_NAMESPACE_YET = Path.of("");

    private final NetworkDriver driver;
    private final Network network;
    private final HostListeners listeners;
    private final ExecutorService cleaner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("keelson-network-cleaner").factory());
    private final ExecutorService connector = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<SandboxId, Future<?>> arriving = new ConcurrentHashMap<>();
    private final Map<SandboxId, Future<?>> leaving = new ConcurrentHashMap<>();

    /** Makes the network on this node, or takes over what an earlier agent left. */
    public CnmNetworkSandbox(NetworkDriver driver, Network network) {
        this(driver, network, HostListeners.ofThisMachine());
    }

    CnmNetworkSandbox(NetworkDriver driver, Network network, HostListeners listeners) {
        this.driver = driver;
        this.network = network;
        this.listeners = listeners;
        translated("make network " + network.name(), () -> {
            driver.createNetwork(network);
            return network;
        });
    }

    @Override
    public void reserve(String uid, String namespace, String name, List<HostPort> hostPorts) {
        PodAttachment pod = new PodAttachment(uid, namespace, name, NO_NAMESPACE_YET, hostPorts);
        translated("connect pod " + owner(pod), () -> reserve(sandbox(pod)));
    }

    private Endpoint reserve(Sandbox sandbox) {
        awaitLeft(sandbox.id());
        if (!sandbox.ports().isEmpty() && endpoint(sandbox.id()).isEmpty()) {
            sandbox.ports().forEach(this::refuseTaken);
        }
        return driver.reserve(network, sandbox);
    }

    /** Only of a pod that has no ports yet: what began to listen since is not the pod's fault. */
    private void refuseTaken(PortBinding port) {
        listeners.takenFrom(port).ifPresent(listener -> {
            throw new NetworkException(
                    NetworkException.Kind.CONFLICT,
                    "host port %s: a process of the node listens on %s; choose another port or another hostIP"
                            .formatted(port, listener));
        });
    }

    private static String owner(PodAttachment pod) {
        return pod.namespace() + "/" + pod.name();
    }

    private static Sandbox sandbox(PodAttachment pod) {
        List<PortBinding> ports =
                pod.hostPorts().stream().map(CnmNetworkSandbox::binding).toList();
        return new Sandbox(new SandboxId(pod.uid()), owner(pod), pod.networkNamespace(), ports);
    }

    @Override
    public PodNetwork attach(PodAttachment pod) {
        return translated("connect pod " + owner(pod), () -> {
            Sandbox sandbox = sandbox(pod);
            Endpoint endpoint = reserve(sandbox);
            arriving.compute(
                    sandbox.id(),
                    (unused, pending) ->
                            pending == null || pending.isDone() ? connector.submit(() -> connect(sandbox)) : pending);
            return new PodNetwork(
                    endpoint.address().map(Ipv4::toString).stream().toList());
        });
    }

    private void connect(Sandbox sandbox) {
        translated("connect pod " + sandbox.owner(), () -> driver.connect(network, sandbox));
    }

    @Override
    public void awaitAttached(String podUid) {
        SandboxId id = new SandboxId(podUid);
        Optional<Future<?>> pending = Optional.ofNullable(arriving.get(id));
        if (pending.isPresent()) {
            try {
                await(pending.get(), "connected");
            } finally {
                arriving.remove(id, pending.get());
            }
        }
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
            Optional.ofNullable(arriving.remove(id)).ifPresent(CnmNetworkSandbox::settle);
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

    /** Waits for what is under way; what pods hold stays. */
    @Override
    public void close() {
        connector.close();
        cleaner.close();
    }

    private Optional<Endpoint> endpoint(SandboxId id) {
        Stream<Endpoint> all = translated("list pods", () -> driver.endpoints(network)).stream();
        return all.filter(endpoint -> endpoint.sandbox().equals(id)).findFirst();
    }

    private void awaitLeft(SandboxId id) {
        Optional.ofNullable(leaving.get(id)).ifPresent(CnmNetworkSandbox::await);
    }

    /** Waits until nothing is under way any more, whatever came of it. */
    private static void settle(Future<?> connecting) {
        try {
            await(connecting, "connected");
        } catch (NodeException failure) {
            LOG.log(Level.DEBUG, "not connected reason=\"{0}\"", failure.getMessage());
        }
    }

    private static void await(Future<?> pending) {
        await(pending, "disconnected");
    }

    private static void await(Future<?> pending, String what) {
        try {
            pending.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NodeException(
                    NodeException.Kind.TRANSIENT, "NetworkNotReady", "interrupted while a pod was " + what);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof NodeException told) {
                throw told;
            }
            throw new NodeException(
                    NodeException.Kind.INTERNAL,
                    "NetworkNotReady",
                    "a pod cannot be " + what + ": " + failure.getCause());
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
