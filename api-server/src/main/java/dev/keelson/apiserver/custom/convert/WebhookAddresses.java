package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.watch.CachedObject;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a webhook is reached: at its URL, or at a ready endpoint of its Service, which shows a certificate for the
 * Service's name.
 */
public final class WebhookAddresses {
    private static final String OWNER = "kubernetes.io/service-name";

    private final Reads reads;
    private final ResourceDefinition services;
    private final ResourceDefinition slices;

    public WebhookAddresses(Reads reads, ResourceRegistry registry) {
        this.reads = reads;
        this.services = registry.require("", "services");
        this.slices = registry.require("discovery.k8s.io", "endpointslices");
    }

    /** The URL as it is called and shown: the webhook is told how long it has, as Kubernetes tells it. */
    static String url(JsonNode config, Duration timeout) {
        String told = "?timeout=" + timeout.toSeconds() + "s";
        String url = Tree.text(config, "url");
        if (!url.isEmpty()) {
            URI uri = URI.create(url);
            return "https://" + uri.getRawAuthority() + absolute(uri.getRawPath()) + told;
        }
        JsonNode service = config.path("service");
        return "https://%s.%s.svc:%d%s%s"
                .formatted(
                        Tree.text(service, "name"),
                        Tree.text(service, "namespace"),
                        port(service),
                        absolute(Tree.text(service, "path")),
                        told);
    }

    private static String absolute(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    private static int port(JsonNode service) {
        return Tree.number(service, "port").orElse(443L).intValue();
    }

    /** Where connections for the URL lead instead of to its host; empty when the host is meant. */
    Optional<SocketAddress> server(JsonNode config) {
        JsonNode service = config.path("service");
        return service.isObject()
                ? Optional.of(endpoint(Tree.text(service, "namespace"), Tree.text(service, "name"), port(service)))
                : Optional.empty();
    }

    private SocketAddress endpoint(String namespace, String name, int port) {
        ObjectNode service = reads.cached(services, namespace, name)
                .map(CachedObject::tree)
                .orElseThrow(() -> ApiFailure.unknown("service \"" + name + "\" not found"));
        String portName = portName(service, port)
                .orElseThrow(
                        () -> ApiFailure.unknown("no service port %d found for service \"%s\"".formatted(port, name)));
        if (Tree.text(service, "spec", "type").equals("ExternalName")) {
            throw ApiFailure.unknown("unsupported service type \"ExternalName\"");
        }
        List<CachedObject> all = reads.list(slices, namespace).objects();
        return all.stream()
                .map(CachedObject::tree)
                .filter(slice -> slice.path("metadata")
                        .path("labels")
                        .path(OWNER)
                        .asText("")
                        .equals(name))
                .flatMap(slice -> ready(slice, portName).stream())
                .findFirst()
                .orElseThrow(() -> ApiFailure.unknown("no endpoints available for service \"" + name + "\""));
    }

    private static Optional<String> portName(ObjectNode service, int port) {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(one -> one.path("port").asInt() == port)
                .map(one -> Tree.text(one, "name"))
                .findFirst();
    }

    private static Optional<SocketAddress> ready(ObjectNode slice, String portName) {
        Optional<Integer> port = Tree.objects(slice, "ports").stream()
                .filter(one -> Tree.text(one, "name").equals(portName))
                .map(one -> one.path("port").asInt())
                .findFirst();
        return port.flatMap(number -> Tree.objects(slice, "endpoints").stream()
                .filter(endpoint -> endpoint.path("conditions").path("ready").asBoolean(true))
                .map(endpoint -> endpoint.path("addresses").path(0).asText(""))
                .filter(address -> !address.isEmpty())
                .findFirst()
                .map(address -> SocketAddress.inetSocketAddress(number, address)));
    }
}
