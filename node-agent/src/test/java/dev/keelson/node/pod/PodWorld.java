package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.pod.plan.PodAdmission;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.ReportedContainers;
import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.plan.UnsafeSysctls;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.DesiredPods;
import dev.keelson.node.probe.ProbeTarget;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.probe.Probes;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.FakeRuntime;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.status.PodStatusPlanner;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A node with one pod on one thread: a fake engine that outlives agents, an API object that status is written to, and
 * an agent that can be killed and started again at any moment. Background work runs when the world lets it.
 */
public final class PodWorld {
    public final ManualClock clock = new ManualClock();
    public final FakeRuntime runtime = new FakeRuntime(clock);
    public final Set<String> images = new HashSet<>(Set.of(Pods.IMAGE));
    public final Map<String, NodeException> pullErrors = new HashMap<>();
    public final Map<String, ProbeVerdict> verdicts = new HashMap<>();
    public final List<String> events = new ArrayList<>();
    public final Set<String> attached = new TreeSet<>();
    public final List<String> reserved = new ArrayList<>();
    public Optional<NodeException> reservationError = Optional.empty();
    public final Set<String> volumes = new TreeSet<>();
    public final Deque<Runnable> background = new ArrayDeque<>();
    public final Map<String, List<String>> args = new HashMap<>();
    public final Map<String, NodeException> hookErrors = new HashMap<>();
    /** Ids of runs, one for every postStart hook that ended well. */
    public final List<String> hooks = new ArrayList<>();

    public ResizeRoom room = new ResizeRoom.Fits();
    public boolean networkUp = true;
    public final List<String> drained = new ArrayList<>();
    public Optional<NodeException> connectionError = Optional.empty();
    public Optional<NodeException> volumeError = Optional.empty();
    /** Version of what volumes are made of. */
    public String objects = "";

    public int mounts;
    public Runnable duringMount = () -> {};
    public Optional<NodeException> configError = Optional.empty();
    public UnaryOperator<RuntimeService> engine = UnaryOperator.identity();

    private final PodStatusPlanner statuses = new PodStatusPlanner("192.0.2.1");
    private final Map<String, ProbeVerdict> probing = new LinkedHashMap<>();
    private Optional<Pod> object;
    private Optional<PodSync> agent = Optional.empty();
    private Optional<Instant> wakeAt = Optional.empty();
    private boolean woken;

    public PodWorld(PodBuilder pod) {
        object = Optional.of(pod.build());
    }

    public Pod object() {
        return object.orElseThrow();
    }

    public boolean inApi() {
        return object.isPresent();
    }

    public PodStatus status() {
        return Optional.ofNullable(object().getStatus()).orElseGet(PodStatus::new);
    }

    public io.fabric8.kubernetes.api.model.ContainerStatus status(String container) {
        return ReportedContainers.statuses(object())
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }

    public ContainerStatus run(String container) {
        return runtime.listContainers().stream()
                .filter(run -> run.name().equals(container))
                .reduce((a, b) -> a.attempt() > b.attempt() ? a : b)
                .orElseThrow();
    }

    public void change(UnaryOperator<Pod> change) {
        object = object.map(change);
    }

    public void delete(Duration grace) {
        change(pod -> Pods.deleted(pod, clock.instant(), grace));
    }

    public void forceDelete() {
        object = Optional.empty();
    }

    /** The agent is gone, and everything it had in memory. */
    public void killAgent() {
        agent = Optional.empty();
        wakeAt = Optional.empty();
        background.clear();
        probing.clear();
    }

    /** One sync of the agent, started first if it is not there. */
    public PodSync.Result step() {
        PodSync sync = agent.orElseGet(() -> new PodSync(host(), () -> woken = true));
        agent = Optional.of(sync);
        DesiredPod desired = object.map(DesiredPods::of).orElseGet(() -> DesiredPods.orphan(Pods.UID, "shop", "web"));
        PodSync.Result result = sync.sync(desired);
        wakeAt = result.wakeAt();
        return result;
    }

    /** Syncs and lets background work run until nothing moves any more; time stands still. */
    public void settle() {
        boolean forgotten;
        do {
            woken = false;
            forgotten = step().forgotten();
            while (!background.isEmpty()) {
                background.poll().run();
            }
        } while (woken && !forgotten);
    }

    /** Lets time pass, syncing whenever the plan asked for it. */
    public void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        settle();
        while (wakeAt.isPresent() && !wakeAt.get().isAfter(end)) {
            clock.advanceTo(wakeAt.get());
            settle();
        }
        clock.advanceTo(end);
        settle();
    }

    /** What an agent of this node acts through. */
    public PodHost host() {
        return new PodHost(
                engine.apply(runtime),
                new Images(),
                new Network(),
                new Volumes(),
                new Configs(),
                new FakeProbes(),
                new Hooks(),
                new Events(),
                new Reporter(),
                _ -> room,
                new PodAdmission(UnsafeSysctls.NONE, false),
                clock,
                background::add);
    }

    private final class Images implements PodImages {
        @Override
        public Optional<Image> present(String reference) {
            return images.contains(reference) ? Optional.of(image(reference)) : Optional.empty();
        }

        @Override
        public Image pull(DesiredPod pod, String reference, Consumer<PullProgress> progress) {
            NodeException error = pullErrors.get(reference);
            if (error != null) {
                throw error;
            }
            images.add(reference);
            return image(reference);
        }
    }

    static Image image(String reference) {
        return new Image(
                "sha256:abc",
                List.of(reference),
                List.of(),
                10,
                List.of(),
                new Image.ImageConfig(List.of("/run"), List.of(), List.of(), "", "", "", List.of()));
    }

    private final class Network implements NodeNetwork {
        @Override
        public Optional<NetworkSandbox> sandboxes() {
            return networkUp ? Optional.of(new Sandboxes()) : Optional.empty();
        }

        @Override
        public String nodeIp() {
            return "192.0.2.1";
        }

        @Override
        public void drain(String podUid, String podIp, Duration limit) {
            drained.add(podIp);
        }

        @Override
        public void forget(String podUid) {}
    }

    private final class Sandboxes implements NetworkSandbox {
        @Override
        public void reserve(String uid, String namespace, String name, List<HostPort> hostPorts) {
            reserved.add(uid);
            reservationError.ifPresent(error -> {
                throw error;
            });
        }

        @Override
        public PodNetwork attach(PodAttachment pod) {
            attached.add(pod.uid());
            return new PodNetwork(List.of("10.0.0.2"));
        }

        @Override
        public void awaitAttached(String podUid) {
            connectionError.ifPresent(error -> {
                throw error;
            });
        }

        @Override
        public void detach(String podUid) {
            attached.remove(podUid);
        }

        @Override
        public List<String> attached() {
            return List.copyOf(attached);
        }

        @Override
        public String dnsServer() {
            return "10.0.0.1";
        }
    }

    private final class Volumes implements PodVolumes {
        @Override
        public void prepare(DesiredPod pod) {}

        @Override
        public void mount(DesiredPod pod, PodSandbox sandbox, List<String> podIps) {
            volumeError.ifPresent(error -> {
                throw error;
            });
            volumes.add(pod.uid());
            mounts++;
            duringMount.run();
        }

        @Override
        public String version(DesiredPod pod) {
            return objects;
        }

        @Override
        public String terminationMessage(DesiredContainer container, ContainerStatus run) {
            return "";
        }

        @Override
        public Set<String> imagesChosen(String podUid) {
            return volumes.contains(podUid)
                    ? DesiredPods.of(object())
                            .volumeImages()
                            .map(DesiredImage::name)
                            .collect(Collectors.toSet())
                    : Set.of();
        }

        @Override
        public boolean holds(String podUid) {
            return volumes.contains(podUid);
        }

        @Override
        public void unmount(String podUid) {
            volumes.remove(podUid);
        }

        @Override
        public void forget(String podUid, String namespace, String name) {
            volumes.remove(podUid);
        }

        @Override
        public List<String> known() {
            return List.copyOf(volumes);
        }
    }

    private final class Configs implements ContainerConfigs {
        @Override
        public PodSandboxConfig sandbox(DesiredPod pod) {
            return new PodSandboxConfig(
                    pod.uid(),
                    pod.namespace(),
                    pod.name(),
                    pod.name(),
                    Path.of("/fake/logs"),
                    PodSandboxConfig.NamespaceModes.PRIVATE,
                    Map.of(),
                    Resources.NONE);
        }

        @Override
        public Resources limits(DesiredPod pod, DesiredContainer container) {
            return Resources.NONE;
        }

        @Override
        public ContainerConfig container(
                DesiredPod pod,
                DesiredContainer container,
                int attempt,
                Image image,
                PodSandbox sandbox,
                List<String> podIps,
                Optional<String> processesOf) {
            configError.ifPresent(error -> {
                throw error;
            });
            return new ContainerConfig(
                    pod.uid(),
                    container.name(),
                    attempt,
                    container.image(),
                    image.id(),
                    List.of(),
                    args.getOrDefault(container.name(), List.of(FakeRuntime.RUN)),
                    List.of(),
                    "",
                    "",
                    List.of(),
                    List.of(),
                    Path.of("/fake/logs/" + container.name() + "." + attempt),
                    ContainerConfig.Stdio.NONE,
                    "SIGTERM",
                    ContainerConfig.Security.DEFAULT,
                    Resources.NONE,
                    processesOf);
        }
    }

    private final class FakeProbes implements Probes {
        @Override
        public boolean watch(ProbeTarget target) {
            return probing.putIfAbsent(target.containerId(), target.before()) == null;
        }

        @Override
        public ProbeVerdict verdict(String containerId) {
            return probing.containsKey(containerId)
                    ? verdicts.getOrDefault(containerId, probing.get(containerId))
                    : ProbeVerdict.UNKNOWN;
        }

        @Override
        public void terminating(String podUid) {}

        @Override
        public void retain(String podUid, List<String> containerIds) {
            probing.keySet().retainAll(containerIds);
        }
    }

    private final class Hooks implements PodHooks {
        @Override
        public void postStart(DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps) {
            Optional.ofNullable(hookErrors.get(container.name())).ifPresent(error -> {
                throw error;
            });
            hooks.add(run.id());
        }

        @Override
        public void preStop(
                DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps, Duration limit) {}
    }

    private final class Events implements PodEvents {
        @Override
        public void normal(DesiredPod pod, String container, String reason, String message) {
            events.add(reason + " " + message);
        }

        @Override
        public void warning(DesiredPod pod, String container, String reason, String message) {
            events.add(reason + " " + message);
        }
    }

    private final class Reporter implements PodReporter {
        @Override
        public void report(DesiredPod pod, PodObserved seen, Instant now) {
            change(old -> new PodBuilder(old)
                    .withStatus(statuses.status(pod, seen, status(), now))
                    .build());
        }

        @Override
        public void finish(DesiredPod pod, PodObserved seen, Instant now) {
            report(pod, seen, now);
            last = Optional.of(status());
            object = Optional.empty();
            woken = true;
        }

        @Override
        public void forget(String podUid) {}
    }

    /** The status with which the pod was deleted. */
    public Optional<PodStatus> last = Optional.empty();
}
