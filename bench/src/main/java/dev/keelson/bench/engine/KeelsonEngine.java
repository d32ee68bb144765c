package dev.keelson.bench.engine;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.driver.Network;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.node.network.CnmNetworkSandbox;
import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import dev.keelson.node.runtime.engine.EngineSettings;
import dev.keelson.node.runtime.engine.LauncherRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/** Keelson's engine and pod network without an API server: a sandbox, its network, and a container of the idle image. */
final class KeelsonEngine implements Tool, AutoCloseable {
    private static final String CONTAINER = "idle";
    private static final Resources LIMITS = new Resources(
            OptionalLong.of(100), OptionalLong.of(50_000), OptionalLong.of(64 << 20), OptionalLong.of(100));

    private final Path directory;
    private final Path layer;
    private final LauncherRuntime runtime;
    private final BridgeDriver driver;
    private final CnmNetworkSandbox network;

    KeelsonEngine(Path directory, Path launcher, String name) throws IOException {
        this.directory = directory;
        layer = IdleImage.unpack(directory.resolve("layer"));
        runtime = LauncherRuntime.open(
                new EngineSettings(
                        directory.resolve("run"), launcher, "keelson-" + name, directory.resolve("ids"), 10 << 20, 5),
                Clock.systemUTC());
        driver = new BridgeDriver(NetworkNamespace.current(), directory.resolve("network"));
        network = new CnmNetworkSandbox(
                driver, Network.ofCluster(name, Cidr.parse("10.231.0.0/22"), Cidr.parse("10.231.4.0/24")));
    }

    @Override
    public String name() {
        return "keelson (network and overlay)";
    }

    @Override
    public long start(String id) {
        long start = System.nanoTime();
        startPod(id);
        return System.nanoTime() - start;
    }

    private void startPod(String id) {
        String uid = uid(id);
        PodSandboxConfig pod = new PodSandboxConfig(
                uid, "default", id, id, directory.resolve("logs"), NamespaceModes.PRIVATE, Map.of(), LIMITS);
        // As the agent does it.
        PodSandbox sandbox = runtime.runPodSandbox(pod, () -> {
            network.reserve(uid, "default", id, List.of());
            runtime.expectContainer(uid, CONTAINER, 0, LIMITS);
        });
        network.attach(new NetworkSandbox.PodAttachment(uid, "default", id, sandbox.networkNamespace(), List.of()));
        String container = runtime.createContainer(config(uid)).id();
        network.awaitAttached(uid);
        runtime.startContainer(container);
    }

    @Override
    public long exec(String id) {
        String container = container(id).id();
        long start = System.nanoTime();
        try (StreamSession session =
                runtime.exec(container, List.of(IdleImage.TRUE), new StreamOptions(false, true, true, false))) {
            int code = session.exitCode().get();
            if (code != 0) {
                throw new IllegalStateException("true exited with " + code);
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("exec of true failed", e);
        }
        return System.nanoTime() - start;
    }

    private ContainerStatus container(String id) {
        return runtime.listContainers().stream()
                .filter(found -> found.podUid().equals(uid(id)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void remove(String id) {
        String uid = uid(id);
        network.detach(uid);
        runtime.removePodSandbox(uid);
    }

    private static String uid(String id) {
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private ContainerConfig config(String uid) {
        return new ContainerConfig(
                uid,
                CONTAINER,
                0,
                IdleImage.NAME,
                "sha256:" + "0".repeat(64),
                List.of(layer),
                IdleImage.SLEEP,
                List.of("PATH=/bin"),
                "",
                "",
                List.of(),
                List.of(),
                directory.resolve("logs").resolve(uid).resolve("0.log"),
                ContainerConfig.Stdio.NONE,
                "SIGTERM",
                ContainerConfig.Security.DEFAULT,
                LIMITS,
                Optional.empty());
    }

    /** Pids of the processes that keep the pods. */
    List<Integer> supervisors() {
        List<Integer> pids = new ArrayList<>();
        for (PodSandbox sandbox : runtime.listPodSandboxes()) {
            // The namespace is named by the supervisor's descriptor: /proc/PID/fd/N.
            pids.add(Integer.parseInt(sandbox.networkNamespace().getName(1).toString()));
        }
        return pids;
    }

    /** Removes whatever is left, of an earlier run in this directory too, the launcher and the network included. */
    @Override
    public void close() {
        Thread.interrupted(); // Whoever wanted the end gets it here.
        runtime.listPodSandboxes().forEach(sandbox -> {
            network.detach(sandbox.uid());
            runtime.removePodSandbox(sandbox.uid());
        });
        network.close();
        runtime.endLauncher();
        runtime.close();
        network.removeAll();
        driver.close();
    }
}
