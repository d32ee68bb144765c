package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent on the real kernel, with an API server in memory. Needs root. */
class AgentIT {
    private static final String NODE = "it-node";
    private static final String IMAGE = "keelson.dev/examples/web:1";
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final FakeApiServer server = new FakeApiServer();
    private final FakeApiClient api = server.client();
    private AgentConfig config;
    private Agent agent;
    private AgentParts parts;

    @BeforeEach
    void start() throws Exception {
        TestCertificates certificates =
                new TestCertificates(directory.resolve("pki")).issue("node", "/O=system:nodes/CN=system:node:" + NODE);
        config = new AgentConfig(
                directory,
                "it-agent",
                NODE,
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
        Deadline.await("node registered", SOON, () -> api.get(ResourceType.NODES, "", NODE) != null);
        api.patch(
                ResourceType.NODES,
                "",
                NODE,
                "",
                PatchType.MERGE,
                "{\"spec\":{\"podCIDR\":\"10.231.7.0/24\"}}".getBytes(StandardCharsets.UTF_8));
        Deadline.await("node ready", SOON, () -> ready(api.get(ResourceType.NODES, "", NODE)));
        try (InputStream archive = Files.newInputStream(Path.of("target/images/web.tar"))) {
            parts.images().load(archive);
        }
    }

    private void startAgent() {
        AgentParts kernel = KernelParts.of(config);
        parts = new AgentParts(
                StatusPatches.plainly(server.client()),
                kernel.runtime(),
                kernel.images(),
                kernel.network(),
                kernel.mounter(),
                kernel.watch());
        agent = Agent.start(config, parts);
    }

    /** Also what a failed test left: nothing of it may need the API server or the agent. */
    @AfterEach
    void stop() {
        agent.close();
        Agent.removePods(config);
        assertThat(directory.resolve("node/pods")).doesNotExist();
    }

    @Test
    void podServesSurvivesTheAgentAndLeavesNothing() throws Exception {
        Pod pod = web("web");
        long begun = System.nanoTime();
        api.create(ResourceType.PODS, pod);
        Deadline.await(
                "running",
                SOON,
                () -> !parts.runtime().listContainers().isEmpty()
                        && parts.runtime()
                                .listContainers()
                                .getFirst()
                                .startedAt()
                                .isPresent());
        System.out.println("POST to running: " + (System.nanoTime() - begun) / 1000 + " us");
        Deadline.await("ready", SOON, () -> ready(get("web")));
        System.out.println("POST to Ready: " + (System.nanoTime() - begun) / 1000 + " us");
        String ip = get("web").getStatus().getPodIP();
        assertThat(body(ip, "/version")).contains("1");
        String id = parts.runtime().listContainers().getFirst().id();

        agent.close();
        startAgent();
        Deadline.await("node ready", SOON, () -> ready(api.get(ResourceType.NODES, "", NODE)));
        assertThat(parts.runtime().listContainers()).singleElement().satisfies(run -> assertThat(run.id())
                .isEqualTo(id));
        assertThat(ready(get("web"))).isTrue();
        assertThat(body(ip, "/version")).contains("1");

        long deletion = System.nanoTime();
        api.delete(ResourceType.PODS, "shop", "web", DeleteOptions.BACKGROUND);
        Deadline.await("gone", SOON, () -> absent("web"));
        System.out.println("DELETE to gone: " + (System.nanoTime() - deletion) / 1000 + " us");
        Deadline.await(
                "nothing left",
                SOON,
                () -> parts.runtime().listPodSandboxes().isEmpty()
                        && !Files.exists(directory.resolve(
                                "node/pods/" + pod.getMetadata().getUid())));
        Deadline.await("events", SOON, () -> api.list(ResourceType.EVENTS, "shop", ListOptions.ALL).items().stream()
                .map(Event::getReason)
                .toList()
                .containsAll(List.of("Pulled", "Created", "Started", "Killing")));
    }

    private Pod get(String name) {
        return api.get(ResourceType.PODS, "shop", name);
    }

    private boolean absent(String name) {
        try {
            get(name);
            return false;
        } catch (ApiException gone) {
            return gone.kind() == ApiException.Kind.NOT_FOUND;
        }
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static boolean ready(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static String body(String ip, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + ip + ":8080" + path))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static Pod web(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(NODE)
                .withRestartPolicy("Always")
                .withContainers(new ContainerBuilder()
                        .withName("web")
                        .withImage(IMAGE)
                        .withImagePullPolicy("IfNotPresent")
                        .withNewReadinessProbe()
                        .withNewHttpGet()
                        .withPath("/healthz")
                        .withPort(new IntOrString(8080))
                        .endHttpGet()
                        .endReadinessProbe()
                        .build())
                .endSpec()
                .build();
    }
}
