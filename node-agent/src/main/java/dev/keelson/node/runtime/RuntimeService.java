package dev.keelson.node.runtime;

import dev.keelson.linux.DuplexChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Pod sandboxes and containers on this node, in the verbs of the CRI's RuntimeService.
 *
 * <p>Every method is repeatable: run, create, start, stop and remove of something that is already in that state do
 * nothing. Sandboxes and containers outlive this process; a new instance over the same directory finds them again.
 * Failures are {@link dev.keelson.node.NodeException}.
 */
public interface RuntimeService extends AutoCloseable {

    /**
     * Creates the pod's user, network, ipc, uts (and for a shared process namespace, pid) namespaces, its cgroup and
     * its supervisor. The network namespace has loopback up and nothing else.
     */
    PodSandbox runPodSandbox(PodSandboxConfig config);

    /**
     * The same, for who has something to do until the kernel is done.
     *
     * @param meanwhile is run once, by this thread; its failure is the sandbox's
     */
    default PodSandbox runPodSandbox(PodSandboxConfig config, Runnable meanwhile) {
        meanwhile.run();
        return runPodSandbox(config);
    }

    /**
     * Makes the cgroup of a container that is about to be created in a sandbox that is there or being made. One that is never
     * created goes with its sandbox.
     */
    default void expectContainer(String podUid, String name, int attempt, Resources resources) {}

    /** Kills what still runs in the sandbox and gives up its namespaces; the containers' records and logs stay. */
    void stopPodSandbox(String podUid);

    /** Removes every trace of the sandbox and its containers except log files. */
    void removePodSandbox(String podUid);

    List<PodSandbox> listPodSandboxes();

    /**
     * Prepares root file system, mounts and cgroup of a container, also after this has returned; its program does not run
     * yet. What goes wrong with it after that is told by {@link #startContainer}.
     */
    ContainerStatus createContainer(ContainerConfig config);

    /** Runs the container's process; {@code INVALID} with reason {@code RunContainerError} when it cannot be executed. */
    ContainerStatus startContainer(String containerId);

    /** Sends the stop signal, waits up to {@code gracePeriod}, then kills. Returns when the process is gone. */
    void stopContainer(String containerId, Duration gracePeriod);

    /** Removes a stopped container: its root file system and record, not its log. */
    void removeContainer(String containerId);

    /** Every container that has a record, running or not, with its exit code when it has exited. */
    List<ContainerStatus> listContainers();

    /** One container; {@code NOT_FOUND} when there is no record. */
    ContainerStatus containerStatus(String containerId);

    /** Runs a command in a running container and waits; output is cut at 16 KiB. {@code TRANSIENT} on time-out. */
    ExecResult execSync(String containerId, List<String> command, Duration timeout);

    /** Runs a command in a running container with streams. */
    StreamSession exec(String containerId, List<String> command, StreamOptions options);

    /** Joins the streams of a container's main process. */
    StreamSession attach(String containerId, StreamOptions options);

    /** Connects to a TCP port on the loopback address of the pod's network namespace; answers the connected socket. */
    DuplexChannel portForward(String podUid, int port);

    /** Applies new limits to a running container. */
    void updateContainerResources(String containerId, Resources resources);

    /** Applies new limits to a pod as a whole; those of its containers stay. */
    void updatePodSandboxResources(String podUid, Resources resources);

    /** Cpu, memory and pids use of one container now. */
    ContainerStats containerStats(String containerId);

    /** The same of a pod's containers together; {@code NOT_FOUND} when there is no sandbox. */
    ContainerStats podSandboxStats(String podUid);

    /** The directory on the host that takes what a container writes into its root file system. */
    Path writableLayer(String containerId);

    /** Other runtimes that a pod's {@code runtimeHandler} may name, beside the service's own. */
    default Set<String> runtimeHandlers() {
        return Set.of();
    }

    /** Calls back, on a thread of the runtime's own, when a container starts or exits. Events may repeat, none is lost. */
    void onEvent(Consumer<RuntimeEvent> listener);

    @Override
    void close();
}
