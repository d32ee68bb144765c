package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.watch.CachedObject;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
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

    RequestOptions of(JsonNode config) {
        String url = Tree.text(config, "url");
        if (!url.isEmpty()) {
            return new RequestOptions().setAbsoluteURI(url);
        }
        JsonNode service = config.path("service");
        String name = Tree.text(service, "name");
        String namespace = Tree.text(service, "namespace");
        int port = Tree.number(service, "port").orElse(443L).intValue();
        String path = Tree.text(service, "path");
        return new RequestOptions()
                .setServer(endpoint(namespace, name, port))
                .setHost(name + "." + namespace + ".svc")
                .setPort(port)
                .setSsl(true)
                .setURI(path.startsWith("/") ? path : "/" + path);
    }

    private SocketAddress endpoint(String namespace, String name, int port) {
        String portName = reads.cached(services, namespace, name)
                .flatMap(service -> portName(service.tree(), port))
                .orElseThrow(() -> ApiFailure.internal("service \"%s\" in namespace \"%s\" with the port %d not found"
                        .formatted(name, namespace, port)));
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
                .orElseThrow(() -> ApiFailure.internal("no endpoints available for service \"" + name + "\""));
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
