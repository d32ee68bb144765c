package dev.keelson.node.runtime;

import dev.keelson.linux.CgroupUsage;
import dev.keelson.linux.DuplexChannel;
import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Sandboxes and containers in memory, for tests of what stands above the engine. Time comes from the clock that is
 * passed in; events are delivered on the calling thread before the call returns, so tests need not wait.
 *
 * <p>A started container runs until {@link #exit} or a stop. Three programs act by themselves: {@link #EXIT}
 * {@code CODE} ends at once, {@link #PRINT} {@code TEXT} writes its log and ends with 0, {@link #MISSING} cannot be
 * executed.
 */
public final class FakeRuntime implements RuntimeService {
    private static final ContainerStats FAKE_STATS = new ContainerStats(new CgroupUsage(
            new CgroupUsage.Cpu(1_000_000, 600_000, 400_000, 0, 0, 0),
            new CgroupUsage.Memory(8192, 4096, 2048, 4096, 0, 0, 0),
            1,
            List.of()));
    public static final String EXIT = "/fake/exit";
    public static final String PRINT = "/fake/print";
    public static final String MISSING = "/fake/missing";
    public static final String RUN = "/fake/run";

    private static final int FIRST_PID = 1000;
    private static final int FIRST_ROOT_UID = 524288;
    private static final int ID_RANGE = 65536;

    private final Clock clock;
    private final Map<String, PodSandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final Map<String, NodeException> failures = new HashMap<>();
    private final List<Consumer<RuntimeEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private BiFunction<ContainerConfig, List<String>, ExecResult> execHandler = FakePrograms::exec;
    private int nextPid = FIRST_PID;
    private int nextRootUid = FIRST_ROOT_UID;

    public FakeRuntime(Clock clock) {
        this.clock = clock;
    }

    /** Ends a running container as if its process had exited; a code above 128 counts as a signal. */
    public void exit(String containerId, int code) {
        exit(containerId, code, code == 0 ? "Completed" : "Error");
    }

    /** Ends a running container with a reason such as {@code OOMKilled}. */
    public void exit(String containerId, int code, String reason) {
        String podUid;
        synchronized (this) {
            FakeContainer container = container(containerId);
            container.end(code, reason, "", clock.instant());
            podUid = container.config.podUid();
        }
        publish(podUid, containerId);
    }

    /** Makes the next call of one verb fail, for example {@code failNext("runPodSandbox", podUid, error)}. */
    public synchronized void failNext(String verb, String subject, NodeException failure) {
        failures.put(verb + ' ' + subject, failure);
    }

    /** What a command that is executed in a container answers; the default knows the programs of this class. */
    public synchronized void onExec(BiFunction<ContainerConfig, List<String>, ExecResult> handler) {
        execHandler = handler;
    }

    /** Every call that changed something, in order, as {@code verb subject}. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** The configuration that a container was created with. */
    public synchronized ContainerConfig config(String containerId) {
        return container(containerId).config;
    }

    /** The sandbox's namespaces vanish, as after a reboot of the node. */
    public void reboot() {
        List<FakeContainer> lost = new ArrayList<>();
        synchronized (this) {
            sandboxes.replaceAll((uid, sandbox) -> withState(sandbox, PodSandbox.State.NOT_READY));
            containers.values().stream().filter(FakeContainer::running).forEach(lost::add);
            lost.forEach(container -> container.end(255, "Error", "the node was restarted", clock.instant()));
        }
        lost.forEach(container -> publish(container.config.podUid(), container.id));
    }

    @Override
    public synchronized PodSandbox runPodSandbox(PodSandboxConfig config) {
        record("runPodSandbox", config.uid());
        PodSandbox known = sandboxes.get(config.uid());
        if (known != null && known.state() == PodSandbox.State.READY) {
            return known;
        }
        boolean hostUsers = config.namespaces().sharesUsersWithHost();
        PodSandbox sandbox = new PodSandbox(
                config.uid(),
                config.namespace(),
                config.name(),
                PodSandbox.State.READY,
                Path.of("/fake/netns/" + config.uid()),
                hostUsers ? 0 : nextRootUid,
                ID_RANGE,
                clock.instant());
        nextRootUid += ID_RANGE;
        sandboxes.put(config.uid(), sandbox);
        return sandbox;
    }

    @Override
    public void stopPodSandbox(String podUid) {
        List<String> killed;
        synchronized (this) {
            record("stopPodSandbox", podUid);
            sandboxes.computeIfPresent(podUid, (uid, sandbox) -> withState(sandbox, PodSandbox.State.NOT_READY));
            killed = containers.values().stream()
                    .filter(container ->
                            container.running() && container.config.podUid().equals(podUid))
                    .map(container -> container.id)
                    .toList();
            killed.forEach(id -> container(id).end(137, "Error", "", clock.instant()));
        }
        killed.forEach(id -> publish(podUid, id));
    }

    @Override
    public void removePodSandbox(String podUid) {
        stopPodSandbox(podUid);
        synchronized (this) {
            record("removePodSandbox", podUid);
            containers.values().removeIf(container -> container.config.podUid().equals(podUid));
            sandboxes.remove(podUid);
        }
    }

    @Override
    public synchronized List<PodSandbox> listPodSandboxes() {
        return List.copyOf(sandboxes.values());
    }

    @Override
    public synchronized ContainerStatus createContainer(ContainerConfig config) {
        record("createContainer", config.name());
        readySandbox(config.podUid());
        String id = ContainerIds.of(config.podUid(), config.name(), config.attempt());
        return containers
                .computeIfAbsent(id, key -> new FakeContainer(id, config, clock.instant()))
                .status();
    }

    @Override
    public ContainerStatus startContainer(String containerId) {
        ContainerStatus started;
        synchronized (this) {
            FakeContainer container = container(containerId);
            record("startContainer", container.config.name());
            if (container.startedAt.isPresent()) {
                return container.status();
            }
            readySandbox(container.config.podUid());
            if (container.config.args().getFirst().equals(MISSING)) {
                container.end(128, "StartError", "exec \"" + MISSING + "\": no such file", clock.instant());
                throw new NodeException(
                        Kind.INVALID,
                        "RunContainerError",
                        "container " + container.config.name() + ": exec \"" + MISSING
                                + "\": no such file or directory");
            }
            container.start(nextPid++, clock.instant());
            FakePrograms.run(container, clock.instant());
            started = container.status();
        }
        publish(started.podUid(), containerId);
        return started;
    }

    @Override
    public void stopContainer(String containerId, Duration gracePeriod) {
        boolean stopped = false;
        String podUid;
        synchronized (this) {
            FakeContainer container = container(containerId);
            record("stopContainer", container.config.name());
            podUid = container.config.podUid();
            if (container.running()) {
                container.end(gracePeriod.isZero() ? 137 : 143, "Error", "", clock.instant());
                stopped = true;
            }
        }
        if (stopped) {
            publish(podUid, containerId);
        }
    }

    @Override
    public synchronized void removeContainer(String containerId) {
        FakeContainer known = containers.get(containerId);
        if (known == null) {
            return;
        }
        record("removeContainer", known.config.name());
        if (known.running()) {
            throw new NodeException(
                    Kind.CONFLICT, "ContainerRunning", "container " + known.config.name() + " runs; stop it first");
        }
        containers.remove(containerId);
    }

    @Override
    public synchronized List<ContainerStatus> listContainers() {
        return containers.values().stream().map(FakeContainer::status).toList();
    }

    @Override
    public synchronized ContainerStatus containerStatus(String containerId) {
        return container(containerId).status();
    }

    @Override
    public synchronized ExecResult execSync(String containerId, List<String> command, Duration timeout) {
        FakeContainer container = running(containerId);
        record("execSync", container.config.name());
        return execHandler.apply(container.config, command);
    }

    @Override
    public synchronized StreamSession exec(String containerId, List<String> command, StreamOptions options) {
        FakeContainer container = running(containerId);
        record("exec", container.config.name());
        return FakeStreamSession.of(execHandler.apply(container.config, command), this::resized);
    }

    @Override
    public synchronized StreamSession attach(String containerId, StreamOptions options) {
        record("attach", running(containerId).config.name());
        return FakeStreamSession.of(new ExecResult(0, "", ""), this::resized);
    }

    @Override
    public synchronized DuplexChannel portForward(String podUid, int port) {
        readySandbox(podUid);
        record("portForward", podUid);
        return new FakeEchoChannel();
    }

    @Override
    public synchronized void updatePodSandboxResources(String podUid, Resources resources) {
        record("updatePodSandboxResources", podUid);
    }

    @Override
    public synchronized void updateContainerResources(String containerId, Resources resources) {
        record("updateContainerResources", running(containerId).config.name());
    }

    @Override
    public synchronized ContainerStats containerStats(String containerId) {
        running(containerId);
        return FAKE_STATS;
    }

    @Override
    public Path writableLayer(String containerId) {
        return Path.of("/nonexistent");
    }

    @Override
    public synchronized ContainerStats podSandboxStats(String podUid) {
        return FAKE_STATS;
    }

    @Override
    public void onEvent(Consumer<RuntimeEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }

    /** Appends a line to the container's CRI log, as its process would by writing to stdout. */
    public synchronized void print(String containerId, String line) {
        appendLog(container(containerId).config.logFile(), clock, line);
    }

    static void appendLog(Path file, Clock clock, String line) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    clock.instant() + " stdout F " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void resized(String size) {
        record("resize", size);
    }

    private void record(String verb, String subject) {
        calls.add(verb + ' ' + subject);
        Optional.ofNullable(failures.remove(verb + ' ' + subject)).ifPresent(failure -> {
            throw failure;
        });
    }

    private void publish(String podUid, String containerId) {
        listeners.forEach(listener -> listener.accept(new RuntimeEvent(podUid, containerId)));
    }

    private void readySandbox(String podUid) {
        PodSandbox sandbox = sandboxes.get(podUid);
        if (sandbox == null) {
            throw new NodeException(Kind.NOT_FOUND, "SandboxNotFound", "no sandbox " + podUid + "; run it first");
        }
        if (sandbox.state() != PodSandbox.State.READY) {
            throw new NodeException(Kind.CONFLICT, "SandboxNotReady", "sandbox " + podUid + " is stopped");
        }
    }

    private FakeContainer container(String containerId) {
        FakeContainer known = containers.get(containerId);
        if (known == null) {
            throw new NodeException(Kind.NOT_FOUND, "ContainerNotFound", "no container " + containerId);
        }
        return known;
    }

    private FakeContainer running(String containerId) {
        FakeContainer known = container(containerId);
        if (!known.running()) {
            throw new NodeException(
                    Kind.CONFLICT, "ContainerNotRunning", "container " + known.config.name() + " is not running");
        }
        return known;
    }

    private static PodSandbox withState(PodSandbox sandbox, PodSandbox.State state) {
        return new PodSandbox(
                sandbox.uid(),
                sandbox.namespace(),
                sandbox.name(),
                state,
                sandbox.networkNamespace(),
                sandbox.rootUid(),
                sandbox.idRange(),
                sandbox.createdAt());
    }
}
