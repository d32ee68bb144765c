package dev.keelson.crds.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectList;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.client.WatchEvent;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;

/** Serves any {@link ApiClient} over HTTPS in the API's wire format, so that the HTTP client meets a real socket. */
final class HttpFrontend implements AutoCloseable {
    private static final int PAGE = 3;
    private static final List<ResourceType<?>> TYPES =
            List.of(ResourceType.CONFIG_MAPS, ResourceType.PODS, ResourceType.NAMESPACES);

    private final ApiClient behind;
    private final HttpServer server;
    private volatile String lastPeer = "";

    HttpFrontend(ApiClient behind, TestAuthority authority) throws Exception {
        this.behind = behind;
        authority.issue("server", "CN=kube-apiserver");
        HttpsServer https = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        https.setHttpsConfigurator(configurator(authority));
        https.createContext("/", this::serve);
        https.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        https.start();
        this.server = https;
    }

    private static HttpsConfigurator configurator(TestAuthority authority) {
        ClientConfig identity = new ClientConfig(
                URI.create("https://unused"),
                authority.file("ca.crt"),
                authority.file("server.crt"),
                authority.file("server.key"),
                "");
        return new HttpsConfigurator(TlsIdentity.context(identity)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        };
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The subject of the certificate that the last request came with. */
    String lastPeer() {
        return lastPeer;
    }

    private void serve(HttpExchange exchange) throws IOException {
        lastPeer = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
        try (exchange) {
            answerOrRefuse(exchange);
        }
    }

    private void answerOrRefuse(HttpExchange exchange) throws IOException {
        try {
            answer(exchange, new Target(exchange.getRequestURI()));
        } catch (ApiException refused) {
            send(exchange, refused.httpStatus(), status(refused));
        }
    }

    private static ObjectNode status(ApiException refused) {
        String reason =
                switch (refused.kind()) {
                    case ALREADY_EXISTS -> "AlreadyExists";
                    case EXPIRED -> "Expired";
                    default -> "";
                };
        return ApiJson.mapper()
                .createObjectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", refused.getMessage())
                .put("reason", reason)
                .put("code", refused.httpStatus());
    }

    private void answer(HttpExchange exchange, Target target) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "GET" -> get(exchange, target, target.type());
            case "POST" -> send(exchange, 201, post(target, target.type(), body));
            case "PUT" -> send(exchange, 200, put(target, target.type(), body));
            case "PATCH" -> send(exchange, 200, patch(exchange, target, body));
            case "DELETE" -> send(exchange, 200, delete(target, body));
            default -> send(exchange, 405, Map.of());
        }
    }

    private <T extends HasMetadata> void get(HttpExchange exchange, Target target, ResourceType<T> type)
            throws IOException {
        if (!target.name().isEmpty()) {
            send(exchange, 200, behind.get(type, target.namespace(), target.name()));
        } else if (target.query().containsKey("watch")) {
            watch(exchange, target, type);
        } else {
            ObjectList<T> list = behind.list(type, target.namespace(), options(exchange, target));
            send(exchange, 200, page(list, Integer.parseInt(target.query().getOrDefault("continue", "0"))));
        }
    }

    /** Fewer than are asked for, which a server may do. */
    private static Map<String, Object> page(ObjectList<?> list, int from) {
        int to = Math.min(list.items().size(), from + PAGE);
        String next = to < list.items().size() ? Integer.toString(to) : "";
        return Map.of(
                "metadata",
                Map.of("resourceVersion", list.resourceVersion(), "continue", next),
                "items",
                list.items().subList(from, to));
    }

    private <T extends HasMetadata> void watch(HttpExchange exchange, Target target, ResourceType<T> type)
            throws IOException {
        try (Watch<T> watch = behind.watch(
                type,
                target.namespace(),
                options(exchange, target),
                target.query().get("resourceVersion"))) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            while (watch.hasNext()) {
                out.write(ApiJson.mapper().writeValueAsBytes(line(watch.next())));
                out.write('\n');
                out.flush();
            }
        }
    }

    private static ListOptions options(HttpExchange exchange, Target target) {
        return new ListOptions(
                target.query().getOrDefault("labelSelector", ""),
                target.query().getOrDefault("fieldSelector", ""),
                detail(exchange, target));
    }

    private static ListOptions.Detail detail(HttpExchange exchange, Target target) {
        if (!exchange.getRequestHeaders().getFirst("Accept").contains(";as=PartialObjectMetadata")) {
            return ListOptions.Detail.WHOLE;
        }
        return target.query().containsKey("metadataChangesOnly")
                ? ListOptions.Detail.METADATA_CHANGES
                : ListOptions.Detail.METADATA;
    }

    private static Map<String, Object> line(WatchEvent<? extends HasMetadata> event) {
        return switch (event) {
            case WatchEvent.Added<? extends HasMetadata> added -> Map.of("type", "ADDED", "object", added.object());
            case WatchEvent.Modified<? extends HasMetadata> changed ->
                Map.of("type", "MODIFIED", "object", changed.object());
            case WatchEvent.Deleted<? extends HasMetadata> gone -> Map.of("type", "DELETED", "object", gone.object());
            case WatchEvent.Bookmark<? extends HasMetadata> mark ->
                Map.of(
                        "type",
                        "BOOKMARK",
                        "object",
                        Map.of("metadata", Map.of("resourceVersion", mark.resourceVersion())));
        };
    }

    private <T extends HasMetadata> Object post(Target target, ResourceType<T> type, byte[] body) throws IOException {
        if (target.subresource().equals("binding")) {
            var binding = ApiJson.mapper().readTree(body);
            behind.bind(
                    target.namespace(),
                    target.name(),
                    binding.at("/metadata/uid").asText(""),
                    binding.at("/target/name").asText());
            return Map.of("kind", "Status", "status", "Success");
        }
        return behind.create(type, ApiJson.mapper().readValue(body, type.type()));
    }

    private <T extends HasMetadata> T put(Target target, ResourceType<T> type, byte[] body) throws IOException {
        T object = ApiJson.mapper().readValue(body, type.type());
        return target.subresource().isEmpty()
                ? behind.update(type, object)
                : behind.updateSubresource(type, object, target.subresource());
    }

    private HasMetadata patch(HttpExchange exchange, Target target, byte[] body) {
        String mediaType = exchange.getRequestHeaders().getFirst("Content-Type");
        PatchType patchType = List.of(PatchType.values()).stream()
                .filter(one -> one.mediaType().equals(mediaType))
                .findFirst()
                .orElseThrow();
        return behind.patch(target.type(), target.namespace(), target.name(), target.subresource(), patchType, body);
    }

    private Object delete(Target target, byte[] body) throws IOException {
        var asked = ApiJson.mapper().readTree(body);
        DeleteOptions options = new DeleteOptions(
                asked.at("/preconditions/uid").asText(""),
                asked.at("/preconditions/resourceVersion").asText(""),
                asked.hasNonNull("gracePeriodSeconds")
                        ? Optional.of(Duration.ofSeconds(
                                asked.get("gracePeriodSeconds").asLong()))
                        : Optional.empty(),
                asked.path("propagationPolicy").asText(""));
        return behind.delete(target.type(), target.namespace(), target.name(), options);
    }

    private static void send(HttpExchange exchange, int code, Object body) throws IOException {
        byte[] bytes = ApiJson.mapper().writeValueAsBytes(body);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The parts of a request's path and query. */
    private record Target(
            ResourceType<?> type, String namespace, String name, String subresource, Map<String, String> query) {

        Target(URI uri) {
            this(
                    type(uri),
                    part(uri, "/namespaces/([^/]+)/", 1),
                    part(uri, "/(configmaps|pods|namespaces(?=/[^/]+(/finalize)?$))/([^/]+)", 3),
                    part(uri, "/[^/]+/[^/]+/(status|binding|finalize)$", 1),
                    parameters(uri));
        }

        private static ResourceType<?> type(URI uri) {
            return TYPES.stream()
                    .filter(type -> uri.getPath().contains("/" + type.plural()))
                    .findFirst()
                    .orElseThrow();
        }

        private static String part(URI uri, String pattern, int group) {
            var found = java.util.regex.Pattern.compile(pattern).matcher(uri.getPath());
            boolean clusterScoped = type(uri) == ResourceType.NAMESPACES && pattern.startsWith("/namespaces/");
            return found.find() && !clusterScoped ? found.group(group) : "";
        }

        private static Map<String, String> parameters(URI uri) {
            Map<String, String> parameters = new HashMap<>();
            if (uri.getRawQuery() != null) {
                for (String pair : uri.getRawQuery().split("&")) {
                    String[] sides = pair.split("=", 2);
                    parameters.put(sides[0], URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
                }
            }
            return parameters;
        }
    }
}
