package dev.keelson.apiserver.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.Optional;

/**
 * Where {@code …/proxy/PATH} of a node, pod or service leads. Pods and services are called over plain HTTP at an
 * address in the pod network, which this server's machine must reach.
 */
final class ProxyTargets {
    private static final int HTTP = 80;

    private final Reads reads;
    private final ResourceRegistry registry;
    private final TargetFinder targets;

    /** A name as it stands in a proxy path: {@code [scheme:]name[:port]}. */
    private record Reference(String name, String port) {
        static Reference parse(String text) {
            String[] parts = text.split(":", -1);
            return switch (parts.length) {
                case 1 -> new Reference(parts[0], "");
                case 2 -> new Reference(parts[0], parts[1]);
                case 3 -> {
                    if (!parts[0].isEmpty() && !parts[0].equals("http")) {
                        throw ApiFailure.badRequest("only http is proxied to pods and services, not " + parts[0]);
                    }
                    yield new Reference(parts[1], parts[2]);
                }
                default -> throw ApiFailure.badRequest("invalid proxy reference \"" + text + "\"");
            };
        }
    }

    ProxyTargets(Reads reads, ResourceRegistry registry, TargetFinder targets) {
        this.reads = reads;
        this.registry = registry;
        this.targets = targets;
    }

    Target find(ResourceDefinition kind, RequestInfo info, String rawQuery) {
        String path = "/" + info.rest() + (rawQuery == null || rawQuery.isEmpty() ? "" : "?" + rawQuery);
        return switch (kind.plural()) {
            case "nodes" -> targets.node(info.name().split(":", 2)[0]).at(path);
            case "pods" -> pod(info, Reference.parse(info.name()), path);
            case "services" -> service(info, Reference.parse(info.name()), path);
            default -> throw ApiFailure.noSuchResource();
        };
    }

    private Target pod(RequestInfo info, Reference reference, String path) {
        ObjectNode pod = targets.pod(info.namespace(), reference.name());
        String address = pod.path("status").path("podIP").asText("");
        if (address.isEmpty()) {
            throw ApiFailure.badRequest("address not allowed: pod " + reference.name() + " has no address yet");
        }
        int first = pod.path("spec")
                .path("containers")
                .path(0)
                .path("ports")
                .path(0)
                .path("containerPort")
                .asInt(HTTP);
        return new Target("pod \"" + reference.name() + "\"", address, number(reference.port(), first), false, path);
    }

    private Target service(RequestInfo info, Reference reference, String path) {
        ResourceDefinition services = registry.require("", "services");
        ObjectNode service = reads.requireLatest(services, info.namespace(), reference.name())
                .tree();
        JsonNode port = servicePort(service, reference);
        String portName = port.path("name").asText("");
        for (CachedObject slice : reads.list(registry.require("discovery.k8s.io", "endpointslices"), info.namespace())
                .objects()) {
            Optional<Target> target = endpoint(slice.tree(), reference.name(), portName, path);
            if (target.isPresent()) {
                return target.get();
            }
        }
        throw ApiFailure.unavailable("no endpoints available for service \"" + reference.name() + "\"");
    }

    private static JsonNode servicePort(ObjectNode service, Reference reference) {
        for (JsonNode port : service.path("spec").path("ports")) {
            boolean named = port.path("name").asText("").equals(reference.port())
                    || port.path("port").asText().equals(reference.port());
            if (reference.port().isEmpty() || named) {
                return port;
            }
        }
        throw ApiFailure.unavailable(
                "no service port \"%s\" found for service \"%s\"".formatted(reference.port(), reference.name()));
    }

    private static Optional<Target> endpoint(ObjectNode slice, String service, String portName, String path) {
        JsonNode owner = slice.path("metadata").path("labels").path("kubernetes.io/service-name");
        if (!owner.asText().equals(service)) {
            return Optional.empty();
        }
        for (JsonNode port : slice.path("ports")) {
            for (JsonNode endpoint : slice.path("endpoints")) {
                boolean ready = endpoint.path("conditions").path("ready").asBoolean(true);
                if (ready && port.path("name").asText("").equals(portName)) {
                    return Optional.of(new Target(
                            "service \"" + service + "\"",
                            endpoint.path("addresses").path(0).asText(),
                            port.path("port").asInt(),
                            false,
                            path));
                }
            }
        }
        return Optional.empty();
    }

    private static int number(String port, int otherwise) {
        if (port.isEmpty()) {
            return otherwise;
        }
        if (!port.matches("\\d{1,5}")) {
            throw ApiFailure.badRequest("the port of a pod is a number, not \"" + port + "\"");
        }
        return Integer.parseInt(port);
    }
}
