package dev.keelson.apiserver.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Reads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the agent behind a node or pod, and the container that is meant. Waits, so only for virtual threads. */
final class TargetFinder {
    private static final int DEFAULT_KUBELET_PORT = 10250;

    private final Reads reads;
    private final ResourceDefinition pods;
    private final ResourceDefinition nodes;

    TargetFinder(Reads reads, ResourceRegistry registry) {
        this.reads = reads;
        this.pods = registry.require("", "pods");
        this.nodes = registry.require("", "nodes");
    }

    ObjectNode pod(String namespace, String name) {
        return reads.requireLatest(pods, namespace, name).tree();
    }

    /** The agent's address from the Node's status (kubelet's endpoint, its internal address first). */
    Target node(String name) {
        ObjectNode node = reads.requireLatest(nodes, "", name).tree();
        JsonNode addresses = node.path("status").path("addresses");
        String host = address(addresses, "InternalIP")
                .or(() -> address(addresses, "Hostname"))
                .orElseThrow(() -> ApiFailure.internal(
                        "node \"%s\" has no address yet: its agent has not reported".formatted(name)));
        int port = node.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt(DEFAULT_KUBELET_PORT);
        return new Target("node \"" + name + "\"", host, port, true, "/");
    }

    /** The agent that runs the pod. */
    Target nodeOf(ObjectNode pod) {
        String node = pod.path("spec").path("nodeName").asText("");
        if (node.isEmpty()) {
            throw ApiFailure.badRequest("pod " + Meta.name(pod) + " does not have a host assigned");
        }
        return node(node);
    }

    /** Refuses pods in which nothing runs any more. */
    static void requireNotEnded(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asText("");
        if (Set.of("Succeeded", "Failed").contains(phase)) {
            throw ApiFailure.badRequest("cannot exec into a container in a completed pod; current phase is " + phase);
        }
    }

    /** The container that is asked for, or the only one. */
    static String container(ObjectNode pod, String asked) {
        JsonNode spec = pod.path("spec");
        List<String> main = names(spec.path("containers"));
        List<String> init = names(spec.path("initContainers"));
        List<String> ephemeral = names(spec.path("ephemeralContainers"));
        if (asked.isEmpty() && main.size() == 1) {
            return main.getFirst();
        }
        String choice = "choose one of: " + listed(main)
                + (init.isEmpty() ? "" : " or one of the init containers: " + listed(init))
                + (ephemeral.isEmpty() ? "" : " or one of the ephemeral containers: " + listed(ephemeral));
        if (asked.isEmpty()) {
            throw ApiFailure.badRequest(
                    "a container name must be specified for pod %s, %s".formatted(Meta.name(pod), choice));
        }
        if (!main.contains(asked) && !init.contains(asked) && !ephemeral.contains(asked)) {
            throw ApiFailure.badRequest(
                    "container %s is not valid for pod %s, %s".formatted(asked, Meta.name(pod), choice));
        }
        return asked;
    }

    private static Optional<String> address(JsonNode addresses, String type) {
        for (JsonNode address : addresses) {
            if (address.path("type").asText().equals(type)) {
                return Optional.of(address.path("address").asText());
            }
        }
        return Optional.empty();
    }

    private static List<String> names(JsonNode containers) {
        List<String> found = new ArrayList<>();
        containers.forEach(container -> found.add(container.path("name").asText()));
        return found;
    }

    private static String listed(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
