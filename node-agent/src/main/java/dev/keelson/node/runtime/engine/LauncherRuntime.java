package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.DuplexChannel;
import dev.keelson.linux.FdChannel;
import dev.keelson.linux.Inodes;
import dev.keelson.linux.Poller;
import dev.keelson.linux.Processes;
import dev.keelson.linux.Signals;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStats;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.RuntimeEvent;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The container engine: sandboxes and containers made by the launcher and kept by supervisors, which outlive this
 * object and its process. What is true is in files below the engine's directory; this is the agent's view of them.
 */
public final class LauncherRuntime implements RuntimeService {
    private static final System.Logger LOG = System.getLogger(LauncherRuntime.class.getName());
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEAVING = Duration.ofSeconds(3);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    private final EngineSettings settings;
    private final Clock clock;
    private final Cgroups cgroups;
    private final Poller poller = new Poller("keelson-poller");
    private final ExecutorService events = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("keelson-runtime-events").daemon(true).factory());
    private final List<Consumer<RuntimeEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    private final Launcher launcher;
    private final Trash trash;
    private final Sandboxes sandboxes;
    private final Adoption adoption;
    private volatile boolean closed;

    private LauncherRuntime(EngineSettings settings, Clock clock, Cgroups cgroups) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.cgroups = cgroups;
        Files.createDirectories(podsDirectory());
        Inodes.spread(podsDirectory());
        trash = new Trash(settings.directory().resolve("trash"), cgroups);
        launcher = new Launcher(settings, cgroups, poller);
        IdRanges ids = new IdRanges(settings.idRanges());
        String bootId = Processes.bootId();
        sandboxes = new Sandboxes(settings, cgroups, ids, trash, clock, bootId);
        adoption = new Adoption(settings, cgroups, ids, trash, poller, bootId);
        launcher.settle();
        for (Pod pod : adoption.run(podsDirectory(), clock.instant())) {
            pods.put(pod.uid(), pod);
            pod.supervisor().ifPresent(supervisor -> watch(pod, supervisor));
        }
    }

    /** Opens the engine over its directory and finds again what runs there. */
    public static LauncherRuntime open(EngineSettings settings, Clock clock) {
        return open(settings, clock, Cgroups.detect());
    }

    static LauncherRuntime open(EngineSettings settings, Clock clock, Cgroups cgroups) {
        try {
            return new LauncherRuntime(settings, clock, cgroups);
        } catch (IOException e) {
            throw Failures.internal("cannot open the container engine in " + settings.directory(), e);
        }
    }

    private Path podsDirectory() {
        return settings.directory().resolve("pods");
    }

    @Override
    public PodSandbox runPodSandbox(PodSandboxConfig config) {
        return runPodSandbox(config, () -> {});
    }

    @Override
    public PodSandbox runPodSandbox(PodSandboxConfig config, Runnable meanwhile) {
        Pod pod = pods.computeIfAbsent(
                config.uid(), uid -> new Pod(uid, podsDirectory().resolve(uid), settings.cgroupParent() + "/" + uid));
        return pod.locked(() -> {
            if (pod.supervisor().isEmpty()) {
                run(pod, config, meanwhile);
            } else {
                meanwhile.run();
            }
            return pod.sandbox().orElseThrow();
        });
    }

    private void run(Pod pod, PodSandboxConfig config, Runnable meanwhile) {
        try {
            sandboxes.prepare(pod, config);
            FutureTask<Void> ours = new FutureTask<>(
                    () -> {
                        sandboxes.beginGroup(pod, config);
                        meanwhile.run();
                    },
                    null);
            Supervisor supervisor = launcher.startSandbox(pod.directory(), ours);
            boolean complete = false;
            try {
                if (ours.state() == Future.State.FAILED) {
                    throw ours.exceptionNow() instanceof NodeException told
                            ? told
                            : Failures.internal("cannot make sandbox " + pod.uid(), ours.exceptionNow());
                }
                sandboxes.provideGroup(pod, config);
                complete = true;
            } finally {
                if (!complete) {
                    supervisor.end();
                    supervisor.close();
                }
            }
            pod.supervisedBy(supervisor);
            watch(pod, supervisor);
        } finally {
            if (pod.record().isEmpty()) {
                pods.remove(pod.uid(), pod);
            }
        }
    }

    private void watch(Pod pod, Supervisor supervisor) {
        supervisor.watch(
                event -> pod.container(event.word(1)).ifPresent(container -> {
                    container.refresh();
                    publish(container);
                }),
                () -> supervisorGone(pod, supervisor));
        // What happened before we listened is in the files.
        pod.containers().forEach(Container::refresh);
    }

    private void supervisorGone(Pod pod, Supervisor supervisor) {
        supervisor.close();
        if (!closed) {
            // Under the pod's lock: what is started in a next sandbox must not be taken for what was lost with this
            // one.
            pod.locked(() -> lose(pod, supervisor)).forEach(this::publish);
        }
    }

    private List<Container> lose(Pod pod, Supervisor supervisor) {
        if (pod.supervisor().filter(current -> current == supervisor).isEmpty()) {
            return List.of();
        }
        LOG.log(System.Logger.Level.WARNING, "supervisor gone sandbox={0}", pod.uid());
        // Containers first: who sees a sandbox that is not ready also sees how its containers ended.
        List<Container> lost = adoption.lose(pod, "its supervisor is gone", clock.instant());
        pod.lost(supervisor);
        return lost;
    }

    private void publish(Container container) {
        RuntimeEvent event =
                new RuntimeEvent(container.record().podUid(), container.record().id());
        try {
            events.execute(() -> listeners.forEach(listener -> listener.accept(event)));
        } catch (RejectedExecutionException e) {
            // Closed: the next engine over this directory reads the files.
            LOG.log(System.Logger.Level.DEBUG, "event not delivered container={0}", event.containerId());
        }
    }

    @Override
    public void stopPodSandbox(String podUid) {
        Pod pod = pods.get(podUid);
        if (pod == null) {
            return;
        }
        pod.locked(() -> {
            Optional<Supervisor> supervisor = pod.supervisor();
            supervisor.ifPresent(ready -> stop(pod, ready));
            return supervisor;
        });
    }

    private void stop(Pod pod, Supervisor supervisor) {
        // From here on its end is no loss.
        pod.lost(supervisor);
        boolean ended = supervisor.end();
        supervisor.close();
        List<Container> ran =
                pod.containers().stream().filter(Container::running).toList();
        ran.forEach(Container::refresh);
        if (!ended) {
            adoption.lose(pod, "its supervisor was gone when it was stopped", clock.instant());
        }
        ran.forEach(this::publish);
    }

    @Override
    public void removePodSandbox(String podUid) {
        Pod pod = pods.get(podUid);
        if (pod == null) {
            return;
        }
        stopPodSandbox(podUid);
        pod.locked(() -> {
            sandboxes.discard(pod);
            return pods.remove(podUid, pod);
        });
    }

    @Override
    public List<PodSandbox> listPodSandboxes() {
        return pods.values().stream().flatMap(pod -> pod.sandbox().stream()).toList();
    }

    @Override
    public void expectContainer(String podUid, String name, int attempt, Resources resources) {
        Pod pod = Optional.ofNullable(pods.get(podUid)).orElseThrow(() -> Failures.noSandbox(podUid));
        pod.locked(() -> {
            String directoryName = ContainerRecord.directoryName(name, attempt);
            if (pod.container(directoryName).isEmpty()) {
                sandboxes.expect(pod, directoryName, resources);
            }
            return pod;
        });
    }

    @Override
    public ContainerStatus createContainer(ContainerConfig config) {
        Pod pod = Optional.ofNullable(pods.get(config.podUid())).orElseThrow(() -> Failures.noSandbox(config.podUid()));
        return pod.locked(() -> {
            Optional<Container> known = pod.container(config.name() + "_" + config.attempt());
            if (known.isPresent()) {
                return known.get().status();
            }
            Supervisor supervisor = pod.readySupervisor();
            Container container = sandboxes.prepare(pod, pod.record().orElseThrow(), config);
            pod.add(container);
            supervisor.prepare(container.record().directoryName());
            return container.status();
        });
    }

    @Override
    public ContainerStatus startContainer(String containerId) {
        Located located = locate(containerId);
        return located.pod.locked(() -> {
            Container container = located.container;
            if (container.state() == ContainerStatus.State.CREATED) {
                ContainerRecord record = container.record();
                Reply reply = located.pod.readySupervisor().request("start", record.directoryName());
                container.refresh();
                reply.orThrow("RunContainerError", "container " + record.name());
            }
            return container.status();
        });
    }

    @Override
    public void stopContainer(String containerId, Duration gracePeriod) {
        Located located = locate(containerId);
        Container container = located.container;
        String name = container.record().directoryName();
        if (!container.running()) {
            return;
        }
        if (gracePeriod.isPositive()) {
            int signal = Signals.number(container.record().stopSignal()).orElse(Signals.SIGTERM);
            signal(located, name, Integer.toString(signal), "main");
        }
        if (!gracePeriod.isPositive() || !container.awaitExit(gracePeriod)) {
            signal(located, name, Integer.toString(Signals.SIGKILL), "all");
            if (!container.awaitExit(KILL_PATIENCE)) {
                throw Failures.transientFailure(
                        "container " + container.record().name()
                                + " does not end although it was killed; its process may wait for a device");
            }
        }
    }

    private static void signal(Located located, String name, String number, String whom) {
        located.pod.supervisor().ifPresent(supervisor -> supervisor.request("signal", name, number, whom));
    }

    @Override
    public void removeContainer(String containerId) {
        Optional<Located> located = find(containerId);
        located.ifPresent(found -> found.pod.locked(() -> {
            Container container = found.container;
            if (container.running()) {
                throw Failures.stillRunning(container.record().name());
            }
            found.pod
                    .supervisor()
                    .ifPresent(supervisor ->
                            supervisor.request("forget", container.record().directoryName()));
            found.pod.remove(container);
            sandboxes.discard(found.pod, container);
            return container;
        }));
    }

    @Override
    public List<ContainerStatus> listContainers() {
        List<ContainerStatus> all = new ArrayList<>();
        pods.values().forEach(pod -> pod.containers().forEach(container -> all.add(container.status())));
        return all;
    }

    @Override
    public ContainerStatus containerStatus(String containerId) {
        return locate(containerId).container.status();
    }

    @Override
    public ExecResult execSync(String containerId, List<String> command, Duration timeout) {
        String what = "command " + command + " in container "
                + locate(containerId).container.record().name();
        return Commands.collect(exec(containerId, command, new StreamOptions(false, true, true, false)), what, timeout);
    }

    @Override
    public StreamSession exec(String containerId, List<String> command, StreamOptions options) {
        Located located = running(containerId);
        String name = located.container.record().directoryName();
        return ProcessSession.exec(
                located.pod.readySupervisor(),
                poller,
                Commands.request(name, command, options),
                options.tty(),
                "container " + located.container.record().name());
    }

    @Override
    public StreamSession attach(String containerId, StreamOptions options) {
        Located located = running(containerId);
        String name = located.container.record().directoryName();
        String wanted = (options.stdin() ? "i" : "") + (options.stdout() ? "o" : "") + (options.stderr() ? "e" : "");
        return ProcessSession.attach(
                located.pod.readySupervisor(),
                poller,
                name,
                List.of("attach", name, wanted),
                "container " + located.container.record().name());
    }

    @Override
    public DuplexChannel portForward(String podUid, int port) {
        Pod pod = Optional.ofNullable(pods.get(podUid)).orElseThrow(() -> Failures.noSandbox(podUid));
        Reply reply = pod.readySupervisor()
                .request("port", Integer.toString(port))
                .orThrow("PortForwardError", "cannot connect to port " + port + " of pod " + podUid);
        FdChannel channel = new FdChannel(reply.descriptors().getFirst(), poller);
        try {
            channel.awaitWritable(CONNECT_PATIENCE);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw Failures.transientFailure("port " + port + " of pod " + podUid + ": " + e.getMessage());
        }
    }

    @Override
    public void updateContainerResources(String containerId, Resources resources) {
        Located located = running(containerId);
        sandboxes.limit(located.pod, located.container, resources);
    }

    @Override
    public void updatePodSandboxResources(String podUid, Resources resources) {
        Pod pod = Optional.ofNullable(pods.get(podUid)).orElseThrow(() -> Failures.noSandbox(podUid));
        sandboxes.limit(pod, resources);
    }

    /** What all pods of this engine may use together; their memory is never swapped. */
    public void limitPods(Resources resources) {
        sandboxes.limitAll(resources);
    }

    @Override
    public java.util.Set<String> runtimeHandlers() {
        java.util.Set<String> others =
                new java.util.TreeSet<>(sandboxes.handlers().names());
        others.remove(RuntimeHandlers.OWN);
        return others;
    }

    @Override
    public ContainerStats containerStats(String containerId) {
        Located located = running(containerId);
        return new ContainerStats(cgroups.usage(located.pod.group(located.container.record())));
    }

    @Override
    public Path writableLayer(String containerId) {
        return locate(containerId).container.directory().resolve("upper");
    }

    @Override
    public ContainerStats podSandboxStats(String podUid) {
        Pod pod = Optional.ofNullable(pods.get(podUid)).orElseThrow(() -> Failures.noSandbox(podUid));
        return new ContainerStats(cgroups.usage(pod.group()));
    }

    @Override
    public void onEvent(Consumer<RuntimeEvent> listener) {
        listeners.add(listener);
    }

    /**
     * Ends the launcher and gives up the cluster's cgroups, when a node is taken out of service. Supervisors and
     * containers that are left go on, and keep their groups.
     */
    public void endLauncher() {
        launcher.quit();
        long end = System.nanoTime() + LEAVING.toNanos();
        // The launcher answers first and leaves its group when it exits.
        String parent = settings.cgroupParent();
        while (!(cgroups.remove(parent + "/supervisors") && cgroups.remove(parent)) && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Lets go; sandboxes and containers go on. */
    @Override
    public void close() {
        closed = true;
        pods.values().forEach(pod -> pod.supervisor().ifPresent(Supervisor::close));
        events.shutdownNow();
        trash.close();
        poller.close();
    }

    private record Located(Pod pod, Container container) {}

    private Optional<Located> find(String containerId) {
        for (Pod pod : pods.values()) {
            for (Container container : pod.containers()) {
                if (container.record().id().equals(containerId)) {
                    return Optional.of(new Located(pod, container));
                }
            }
        }
        return Optional.empty();
    }

    private Located locate(String containerId) {
        return find(containerId).orElseThrow(() -> Failures.noContainer(containerId));
    }

    private Located running(String containerId) {
        Located located = locate(containerId);
        if (!located.container.running()) {
            throw Failures.notRunning(located.container.record().name());
        }
        return located;
    }
}
