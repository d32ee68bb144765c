package dev.keelson.node;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.apparmor.AppArmor;
import dev.keelson.node.container.PodContainerConfigs;
import dev.keelson.node.container.Profiles;
import dev.keelson.node.container.ResourceLimits;
import dev.keelson.node.container.SeccompFiles;
import dev.keelson.node.eviction.EvictionManager;
import dev.keelson.node.manifest.ManifestDirectory;
import dev.keelson.node.manifest.MirrorPods;
import dev.keelson.node.manifest.StaticPods;
import dev.keelson.node.objects.WatchedObjects;
import dev.keelson.node.pod.NodeHooks;
import dev.keelson.node.pod.PodHost;
import dev.keelson.node.pod.PodManager;
import dev.keelson.node.pod.plan.PodAdmission;
import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.probe.NodeProber;
import dev.keelson.node.probe.ProbeManager;
import dev.keelson.node.registration.Machine;
import dev.keelson.node.registration.NodeFacts;
import dev.keelson.node.registration.NodeImages;
import dev.keelson.node.registration.NodeObjects;
import dev.keelson.node.registration.NodeRegistration;
import dev.keelson.node.registration.NodeState;
import dev.keelson.node.server.ApiCallerReviews;
import dev.keelson.node.server.KubeletServer;
import dev.keelson.node.server.ServerConfig;
import dev.keelson.node.stats.StatsCollector;
import dev.keelson.node.status.EventRecorder;
import dev.keelson.node.status.PodStatusPlanner;
import dev.keelson.node.status.StatusWriter;
import dev.keelson.node.storage.StorageMeter;
import dev.keelson.node.volume.NodePodVolumes;
import dev.keelson.node.volume.PodDirectories;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The agent of one node, all parts wired and running. Closing it ends the agent only: containers, their logs and the
 * network rules stay, and the next agent over the same directory takes them over.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Agent.class.getName());

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final AgentConfig config;
    private final AgentParts parts;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final AppArmor appArmor = AppArmor.detect();
    private NodeSettings settings = NodeSettings.DEFAULT;
    private int port;

    private Agent(AgentConfig config, AgentParts parts) {
        this.config = config;
        this.parts = parts;
    }

    /** Starts the agent over the real kernel and API server; returns when its HTTPS API listens. */
    public static Agent start(AgentConfig config) {
        return start(config, KernelParts.of(config));
    }

    /**
     * Ends every pod that the cluster runs on this machine and gives back what they held: processes, mounts,
     * namespaces, interfaces, rules, files. Needs no API server; no agent may run over the directory meanwhile.
     */
    public static void removePods(AgentConfig config) {
        NodeCleanup.removePods(config);
    }

    static Agent start(AgentConfig config, AgentParts parts) {
        Agent agent = new Agent(config, parts);
        try {
            agent.start();
            return agent;
        } catch (RuntimeException failure) {
            agent.close();
            throw failure;
        }
    }

    private void start() {
        long begun = System.nanoTime();
        Path directory = config.dataDir().resolve("node");
        createDirectory(directory);
        ApiClient api = keep(parts.api());
        keep(parts.runtime());
        closing.push(background::shutdownNow);
        background.execute(appArmor::prepare);
        settings = KubeletFile.read(config.dataDir().resolve("kubelet.yaml"));
        Informer<Service> services = keep(new Informer<>(api, ResourceType.SERVICES));
        Informer<EndpointSlice> slices = keep(new Informer<>(api, ResourceType.ENDPOINT_SLICES));
        Wiring wiring = new Wiring();
        AgentNetwork network = keep(new AgentNetwork(
                parts.network(), services, slices, config.nodeIp(), wiring::networkUp, wiring::networkDown));
        MirrorPods mirrors = new MirrorPods(api, config.nodeName());
        StatusWriter statuses =
                new StatusWriter(api, new PodStatusPlanner(config.nodeIp()), background, pod -> apiUid(pod, mirrors));
        WatchedObjects objects = keep(new WatchedObjects(api, services.lister(), wiring::wake, clock, background));
        wiring.events = keep(new EventRecorder(api, config.nodeName(), clock));
        wiring.pods = keep(pods(directory, network, statuses, objects, wiring));
        AgentView view = new AgentView(wiring.pods, parts.runtime(), statuses);
        StorageMeter meter = new StorageMeter(parts.runtime(), new PodDirectories(directory));
        StatsCollector stats = new StatsCollector(
                config.nodeName(),
                view::pods,
                parts.runtime(),
                parts.watch().machine(),
                new MeasuredPods(meter, limits(Machine.read(directory))),
                clock);
        port = keep(serve(directory, view, stats)).port();
        EvictionManager eviction = keep(eviction(meter, wiring, stats));
        wiring.refusal = eviction::refusal;
        NodeFacts facts = new NodeFacts(config.nodeName(), config.nodeIp(), port);
        wiring.registration = keep(new NodeRegistration(
                api,
                facts,
                directory,
                clock,
                new NodeState(
                        () -> NodeImages.of(parts.images().summaries()),
                        eviction::pressures,
                        parts.runtime()::runtimeHandlers),
                network::begin));
        keep(new ImageHousekeeper(parts.images(), wiring.events));
        services.start();
        slices.start();
        wiring.registration.start();
        eviction.start();
        StaticPods staticPods = keep(new StaticPods(
                new ManifestDirectory(
                        config.dataDir().resolve("manifests"),
                        config.nodeName(),
                        why -> wiring.events.node("Warning", "FailedCreateStaticPod", why)),
                wiring.pods,
                mirrors));
        followPods(api, services, wiring, new PodSource(wiring.pods, mirrors, statuses), staticPods);
        LOG.log(
                Level.INFO,
                "agent started node={0} port={1} took={2}ms",
                config.nodeName(),
                String.valueOf(port),
                (System.nanoTime() - begun) / 1_000_000);
    }

    private PodManager pods(
            Path directory, AgentNetwork network, StatusWriter statuses, WatchedObjects objects, Wiring wiring) {
        PodDirectories directories = new PodDirectories(directory);
        Machine machine = Machine.read(directory);
        Map<String, Quantity> allocatable = NodeObjects.allocatable(machine);
        PodImagePuller images = new PodImagePuller(parts.images(), objects);
        NodePodVolumes volumes = new NodePodVolumes(
                directories,
                objects,
                parts.mounter(),
                config.clusterDomain(),
                network::dnsServer,
                config.nodeIp(),
                allocatable,
                images);
        NodeProber prober = new NodeProber(parts.runtime());
        ProbeManager probes = keep(new ProbeManager(prober, wiring, clock));
        return new PodManager(
                new PodHost(
                        parts.runtime(),
                        images,
                        network,
                        volumes,
                        new PodContainerConfigs(
                                directories,
                                volumes.containerMounts(),
                                objects,
                                config.nodeIp(),
                                config.clusterDomain(),
                                machine.memory(),
                                allocatable,
                                new Profiles(
                                        new SeccompFiles(config.dataDir()
                                                .toAbsolutePath()
                                                .resolve("seccomp")),
                                        appArmor)),
                        probes,
                        new NodeHooks(prober, wiring.events),
                        wiring.events,
                        statuses,
                        pod -> ResizeRoom.of(pod, wiring.pods.pods(), allocatable),
                        new PodAdmission(settings.unsafeSysctls(), appArmor.enabled()),
                        clock,
                        background),
                pod -> wiring.refusal.apply(pod));
    }

    private static ResourceLimits limits(Machine machine) {
        return new ResourceLimits(machine.memory(), NodeObjects.allocatable(machine));
    }

    private EvictionManager eviction(StorageMeter meter, Wiring wiring, StatsCollector stats) {
        return new EvictionManager(
                settings.eviction(), parts.watch(), wiring.pods, stats, meter, parts.images(), wiring, clock);
    }

    private KubeletServer serve(Path directory, AgentView view, StatsCollector stats) {
        PortFile remembered = new PortFile(directory.resolve("port"));
        int wanted = config.port() == 0 ? remembered.read() : config.port();
        KubeletServer server = KubeletServer.start(
                new ServerConfig("0.0.0.0", wanted, config.certificateAuthority(), config.certificate(), config.key()),
                view,
                parts.runtime(),
                parts.images(),
                stats,
                new ApiCallerReviews(parts.api(), config.nodeName(), clock),
                clock);
        remembered.write(server.port());
        return server;
    }

    private void followPods(
            ApiClient api, Informer<Service> services, Wiring wiring, PodSource source, StaticPods staticPods) {
        Informer<Pod> bound = keep(
                new Informer<>(api, ResourceType.PODS, "", ListOptions.fields("spec.nodeName=" + config.nodeName())));
        bound.addHandler(source);
        PodFollower follower = new PodFollower(services, bound, staticPods, wanted -> {
            wiring.sweep = () -> wiring.pods.removeAllBut(wanted.get());
            wiring.sweep.run();
        });
        Thread thread = Thread.ofVirtual().name("pod-source").start(follower);
        closing.push(thread::interrupt);
    }

    private static Optional<String> apiUid(DesiredPod pod, MirrorPods mirrors) {
        return MirrorPods.isStatic(pod.object()) ? mirrors.uidOf(pod.object()) : Optional.of(pod.uid());
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make the node's directory " + directory, failure);
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        closing.push(part);
        return part;
    }

    /** The port that the HTTPS API listens on. */
    public int port() {
        return port;
    }

    /** Stops the agent; nothing that it runs is stopped. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception failure) {
                LOG.log(Level.WARNING, "part not closed", failure);
            }
        }
    }
}
