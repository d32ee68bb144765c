package dev.keelson.node;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.eviction.NodeWatch;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.registry.RegistryOptions;
import dev.keelson.node.log.LogOptions;
import dev.keelson.node.log.LogReader;
import dev.keelson.node.pod.plan.ReportedContainers;
import dev.keelson.node.stats.MachineUse;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One agent on the real kernel with an API server in memory and the busybox image, for all tests of a class. */
public final class NodeFixture implements AutoCloseable {
    public static final String NAMESPACE = "shop";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public final FakeApiServer server = new FakeApiServer();
    public final FakeApiClient api = server.client();
    public final String node;
    public final Path directory;
    /** What the agent sees of the machine, made of what is true; may be changed while it runs. */
    public volatile UnaryOperator<MachineUse> machine = UnaryOperator.identity();

    private final ImageLimits limits;
    private final RegistryOptions registries;
    private final AgentConfig config;
    private Agent agent;
    private AgentParts parts;

    /** @param number third part of the pods' address range, different for every class that may run at the same time */
    public NodeFixture(Path directory, String node, int number) throws Exception {
        this(directory, node, number, ImageLimits.DEFAULT, RegistryOptions.DEFAULT);
    }

    public NodeFixture(Path directory, String node, int number, ImageLimits limits, RegistryOptions registries)
            throws Exception {
        this.directory = directory;
        this.limits = limits;
        this.registries = registries;
        this.node = node;
        TestCertificates certificates =
                new TestCertificates(directory.resolve("pki")).issue("node", "/O=system:nodes/CN=system:node:" + node);
        config = new AgentConfig(
                directory,
                node,
                node,
                "127.0.0.1",
                0,
                URI.create("https://127.0.0.1:1"),
                certificates.file("ca.crt"),
                certificates.file("node.crt"),
                certificates.file("node.key"),
                "10.231.128.0/17",
                "cluster.local",
                Path.of("target/keelson-launcher"));
        startAgent();
        Deadline.await("node registered", PATIENCE, () -> api.get(ResourceType.NODES, "", node) != null);
        String range = "{\"spec\":{\"podCIDR\":\"10.231.%d.0/24\"}}".formatted(number);
        api.patch(ResourceType.NODES, "", node, "", PatchType.MERGE, range.getBytes(StandardCharsets.UTF_8));
        Deadline.await("node ready", PATIENCE, () -> ready(api.get(ResourceType.NODES, "", node)));
        try (InputStream archive = BusyboxImage.archive()) {
            parts.images().load(archive);
        }
    }

    private void startAgent() {
        AgentParts kernel = KernelParts.of(config, limits, registries);
        parts = new AgentParts(
                CountedTokens.of(StatusPatches.plainly(server.client())),
                kernel.runtime(),
                kernel.images(),
                kernel.network(),
                kernel.mounter(),
                new NodeWatch(() -> machine.apply(kernel.watch().machine().get()), Duration.ofSeconds(1)));
        agent = Agent.start(config, parts);
    }

    public void restartAgent() {
        agent.close();
        startAgent();
        Deadline.await("node ready", PATIENCE, () -> ready(api.get(ResourceType.NODES, "", node)));
    }

    /** A reset of the machine, and the agent's next start; {@code meanwhile} happens while the node is away. */
    public void reboot(Process stranger, Runnable meanwhile) throws IOException {
        agent.close();
        Reboot.of(config, stranger);
        meanwhile.run();
        startAgent();
    }

    private static boolean ready(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** A pod that is bound to this node and does not restart. */
    public PodBuilder pod(String name, Container... containers) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(10L)
                .withContainers(containers)
                .endSpec();
    }

    public static ContainerBuilder shell(String name, String script) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(BusyboxImage.NAME)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/bin/sh", "-c", script);
    }

    public Pod create(PodBuilder pod) {
        return api.create(ResourceType.PODS, pod.build());
    }

    public Pod get(String name) {
        return api.get(ResourceType.PODS, NAMESPACE, name);
    }

    public boolean absent(String name) {
        try {
            get(name);
            return false;
        } catch (ApiException gone) {
            return gone.kind() == ApiException.Kind.NOT_FOUND;
        }
    }

    /** Waits until the pod is as wanted and answers it; a failure tells what it was instead. */
    public Pod await(String name, String what, Predicate<Pod> wanted) {
        try {
            Deadline.await(what, PATIENCE, () -> wanted.test(get(name)));
        } catch (AssertionError late) {
            throw new AssertionError(
                    late.getMessage() + "; it is " + get(name).getStatus() + "; " + events(name), late);
        }
        return get(name);
    }

    public Pod awaitPhase(String name, String phase) {
        return await(
                name,
                "phase " + phase,
                pod -> pod.getStatus() != null && phase.equals(pod.getStatus().getPhase()));
    }

    public void awaitReady(String name) {
        await(name, "ready", pod -> condition(pod, "Ready").equals("True"));
    }

    public void awaitGone(String name) {
        Deadline.await(name + " gone", PATIENCE, () -> absent(name));
    }

    public void delete(String name) {
        api.delete(ResourceType.PODS, NAMESPACE, name, DeleteOptions.BACKGROUND);
    }

    public static String condition(Pod pod, String type) {
        return pod.getStatus() == null
                ? ""
                : pod.getStatus().getConditions().stream()
                        .filter(c -> c.getType().equals(type))
                        .map(PodCondition::getStatus)
                        .findFirst()
                        .orElse("");
    }

    public static ContainerStatus status(Pod pod, String container) {
        return find(pod, container).orElseThrow();
    }

    public static Optional<ContainerStatus> find(Pod pod, String container) {
        return ReportedContainers.statuses(pod)
                .filter(status -> status.getName().equals(container))
                .findFirst();
    }

    /** What the container's newest run printed. */
    public String log(String pod, String container) {
        return read(runs(pod, container).getLast().logFile());
    }

    /** What the run before the newest printed. */
    public String previousLog(String pod, String container) {
        return read(AgentView.previousLog(runs(pod, container)).orElseThrow());
    }

    private List<dev.keelson.node.runtime.ContainerStatus> runs(String pod, String container) {
        String uid = uidOnNode(get(pod));
        return parts.runtime().listContainers().stream()
                .filter(run -> run.podUid().equals(uid) && run.name().equals(container))
                .sorted(Comparator.comparing(dev.keelson.node.runtime.ContainerStatus::attempt))
                .toList();
    }

    private static String read(Path file) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            LogReader.read(
                    file,
                    new LogOptions(false, OptionalLong.empty(), Optional.empty(), false, OptionalLong.empty(), ""),
                    text,
                    () -> false);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** A mirror shows a pod that has another uid on its node. */
    private static String uidOnNode(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get("kubernetes.io/config.mirror"))
                .orElse(pod.getMetadata().getUid());
    }

    /** How many runs of containers of that name the engine still knows. */
    public long containersOf(String container) {
        return parts.runtime().listContainers().stream()
                .filter(run -> run.name().equals(container))
                .count();
    }

    public void awaitLog(String pod, String container, String text) {
        Deadline.await("log with " + text, PATIENCE, () -> log(pod, container).contains(text));
    }

    /** {@code reason message} of every Event about the pod. */
    public List<String> events(String pod) {
        return api.list(ResourceType.EVENTS, NAMESPACE, ListOptions.ALL).items().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod))
                .map((Event event) -> event.getReason() + " " + event.getMessage())
                .toList();
    }

    public void awaitEvent(String pod, String text) {
        Deadline.await("event " + text, PATIENCE, () -> events(pod).stream().anyMatch(event -> event.contains(text)));
    }

    @Override
    public void close() {
        agent.close();
        Agent.removePods(config);
    }
}
