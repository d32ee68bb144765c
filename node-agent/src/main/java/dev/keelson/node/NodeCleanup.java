package dev.keelson.node;

import dev.keelson.node.network.PodNetworkStack;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.engine.EngineSettings;
import dev.keelson.node.runtime.engine.LauncherRuntime;
import dev.keelson.node.volume.KernelMounter;
import dev.keelson.node.volume.PodTree;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ends everything that a cluster runs on this machine, without its API server. */
final class NodeCleanup {
    private static final Logger LOG = System.getLogger(NodeCleanup.class.getName());

    private NodeCleanup() {}

    /** No agent may run over the same directory meanwhile. */
    static void removePods(AgentConfig config) {
        Path directory = config.dataDir().toAbsolutePath().resolve("node");
        try (LauncherRuntime runtime = LauncherRuntime.open(EngineSettings.of(config), Clock.systemUTC())) {
            List<PodSandbox> sandboxes = runtime.listPodSandboxes();
            inParallel(sandboxes, sandbox -> {
                runtime.stopPodSandbox(sandbox.uid());
                runtime.removePodSandbox(sandbox.uid());
            });
            runtime.endLauncher();
            LOG.log(Level.INFO, "removed sandboxes count={0}", sandboxes.size());
            runtime.endLauncher();
        }
        PodNetworkStack.removeLeftovers(config.dataDir(), config.clusterName());
        new PodTree(directory, new KernelMounter()).removeAll();
    }

    private interface Removal {
        void of(PodSandbox sandbox);
    }

    private static void inParallel(List<PodSandbox> sandboxes, Removal removal) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> removals = new ArrayList<>();
            sandboxes.forEach(sandbox -> removals.add(executor.submit(() -> removal.of(sandbox))));
            for (Future<?> one : removals) {
                one.get();
            }
        } catch (java.util.concurrent.ExecutionException failure) {
            throw failure.getCause() instanceof NodeException known
                    ? known
                    : new NodeException(
                            NodeException.Kind.INTERNAL,
                            "CleanupFailed",
                            "cannot remove a pod: " + failure.getCause(),
                            failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
