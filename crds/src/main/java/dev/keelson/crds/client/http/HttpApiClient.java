package dev.keelson.crds.client.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectList;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.crds.model.UrlText;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * {@link ApiClient} over HTTPS with a client certificate: HTTP/2 where the server offers it, one connection for all
 * requests and watches.
 *
 * <p>A call waits at most 30 s for its answer; a lost or silent connection is {@code TRANSIENT}. Nothing is retried
 * here: the caller's loop decides.
 */
public final class HttpApiClient implements ApiClient {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final String JSON = "application/json";
    /** Lists are read in pieces of so many objects, as client-go does: a whole one may not fit into memory as text, too. */
    private static final int PAGE = 500;

    /** Keelson's own: a Kubernetes server ignores it and tells of every change. */
    private static final String CHANGES_OF_METADATA = "&metadataChangesOnly=true";

    private static final String METADATA = JSON + ";as=%s;g=meta.k8s.io;v=v1";

    private final ClientConfig config;
    private final Transport transport;

    /** Reads the TLS files at once, so that a wrong path is reported here and not by the first call. */
    public HttpApiClient(ClientConfig config) {
        this(config, Duration.ofSeconds(5));
    }

    /** As above, looking for rotated files no more often than {@code rotationCheck}. */
    HttpApiClient(ClientConfig config, Duration rotationCheck) {
        this.config = config;
        this.transport = new Transport(config, rotationCheck);
    }

    @Override
    public <T extends HasMetadata> T get(ResourceType<T> type, String namespace, String name) {
        return read(exchange(get(type.path(namespace, name), JSON)), type);
    }

    @Override
    public <T extends HasMetadata> ObjectList<T> list(ResourceType<T> type, String namespace, ListOptions options) {
        List<T> items = new ArrayList<>();
        ListMeta meta;
        String next = "";
        do {
            ListBody<T> page = page(type, namespace, options, next);
            items.addAll(page.items());
            meta = page.metadata();
            next = Optional.ofNullable(meta.getContinue()).orElse("");
        } while (!next.isEmpty());
        return new ObjectList<>(Optional.ofNullable(meta.getResourceVersion()).orElse(""), items);
    }

    private <T extends HasMetadata> ListBody<T> page(
            ResourceType<T> type, String namespace, ListOptions options, String next) {
        String path = type.path(namespace, "") + "?limit=" + PAGE + parameter("continue", next) + selectors(options);
        String accept = options.metadataOnly() ? METADATA.formatted("PartialObjectMetadataList") : JSON;
        byte[] body = exchange(get(path, accept));
        JavaType shape = ApiJson.mapper().getTypeFactory().constructParametricType(ListBody.class, type.type());
        ListBody<T> page = parse(() -> ApiJson.mapper().readValue(body, shape), type.plural());
        // Often half of an object's size, and nobody who lists asks who owns which field.
        page.items().forEach(item -> item.getMetadata().setManagedFields(null));
        return page;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ListBody<T>(ListMeta metadata, List<T> items) {
        ListBody {
            metadata = Optional.ofNullable(metadata).orElseGet(ListMeta::new);
            items = Optional.ofNullable(items).orElse(List.of());
        }
    }

    @Override
    public <T extends HasMetadata> Watch<T> watch(
            ResourceType<T> type, String namespace, ListOptions options, String resourceVersion) {
        // Spread over minutes, so that the watches of many clients do not all return to the server together.
        long seconds = ThreadLocalRandom.current().nextLong(300, 600);
        String path = type.path(namespace, "")
                + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                        .formatted(seconds, UrlText.escape(resourceVersion))
                + selectors(options)
                + (options.detail() == ListOptions.Detail.METADATA_CHANGES ? CHANGES_OF_METADATA : "");
        HttpRequest request = get(path, options.metadataOnly() ? METADATA.formatted("PartialObjectMetadata") : JSON);
        HttpResponse<Supplier<LineStream>> answer = transport.send(
                request,
                info -> info.statusCode() == 200
                        ? BodySubscribers.mapping(new LineStream(), stream -> () -> stream)
                        : BodySubscribers.mapping(BodySubscribers.ofByteArray(), body -> () -> {
                            throw StatusErrors.of("GET " + path, info.statusCode(), body);
                        }),
                CALL_LIMIT);
        Duration silence = Duration.ofSeconds(seconds).plus(CALL_LIMIT);
        return new HttpWatch<>(answer.body().get(), type.type(), type.plural(), silence);
    }

    @Override
    public <T extends HasMetadata> T create(ResourceType<T> type, T object) {
        return read(exchange("POST", type.path(namespace(object), ""), JSON, write(object)), type);
    }

    @Override
    public <T extends HasMetadata> T update(ResourceType<T> type, T object) {
        return read(exchange("PUT", path(type, object), JSON, write(object)), type);
    }

    @Override
    public <T extends HasMetadata> T updateSubresource(ResourceType<T> type, T object, String subresource) {
        return read(exchange("PUT", path(type, object) + "/" + subresource, JSON, write(object)), type);
    }

    @Override
    public <T extends HasMetadata> T patch(
            ResourceType<T> type, String namespace, String name, String subresource, PatchType patchType, byte[] body) {
        String path = type.path(namespace, name) + (subresource.isEmpty() ? "" : "/" + subresource);
        return read(exchange("PATCH", path, patchType.mediaType(), body), type);
    }

    @Override
    public Status delete(ResourceType<?> type, String namespace, String name, DeleteOptions options) {
        byte[] answer = exchange("DELETE", type.path(namespace, name), JSON, write(deleteBody(options)));
        JsonNode tree = parse(() -> ApiJson.mapper().readTree(answer), name);
        if ("Status".equals(tree.path("kind").asText())) {
            return parse(() -> ApiJson.mapper().treeToValue(tree, Status.class), name);
        }
        // Objects that stop gracefully or wait for finalizers are answered themselves.
        return new StatusBuilder().withStatus("Success").withCode(200).build();
    }

    private static ObjectNode deleteBody(DeleteOptions options) {
        ObjectNode body = ApiJson.mapper().createObjectNode();
        body.put("kind", "DeleteOptions").put("apiVersion", "v1");
        if (!options.propagationPolicy().isEmpty()) {
            body.put("propagationPolicy", options.propagationPolicy());
        }
        options.gracePeriod().ifPresent(grace -> body.put("gracePeriodSeconds", grace.toSeconds()));
        precondition(body, "uid", options.uid());
        precondition(body, "resourceVersion", options.resourceVersion());
        return body;
    }

    private static void precondition(ObjectNode body, String field, String required) {
        if (!required.isEmpty()) {
            body.withObject("/preconditions").put(field, required);
        }
    }

    @Override
    public void bind(String namespace, String podName, String podUid, String nodeName) {
        ObjectNode binding = ApiJson.mapper().createObjectNode();
        binding.put("kind", "Binding").put("apiVersion", "v1");
        ObjectNode metadata = binding.putObject("metadata").put("name", podName).put("namespace", namespace);
        if (!podUid.isEmpty()) {
            metadata.put("uid", podUid);
        }
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", nodeName);
        exchange("POST", ResourceType.PODS.path(namespace, podName) + "/binding", JSON, write(binding));
    }

    @Override
    public TokenRequest.Issued requestToken(TokenRequest wanted) {
        ObjectNode request = ApiJson.mapper().createObjectNode();
        request.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
        ObjectNode spec = request.putObject("spec");
        if (!wanted.audience().isEmpty()) {
            spec.putArray("audiences").add(wanted.audience());
        }
        spec.put("expirationSeconds", wanted.life().toSeconds());
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", wanted.podName())
                .put("uid", wanted.podUid());
        String path = ResourceType.SERVICE_ACCOUNTS.path(wanted.namespace(), wanted.account()) + "/token";
        byte[] answer = exchange("POST", path, JSON, write(request));
        JsonNode status = parse(() -> ApiJson.mapper().readTree(answer), path).path("status");
        return new TokenRequest.Issued(
                status.path("token").asText(),
                Instant.parse(status.path("expirationTimestamp").asText()));
    }

    private byte[] exchange(String method, String path, String mediaType, byte[] body) {
        return exchange(request(path, JSON)
                .header("Content-Type", mediaType)
                .method(method, BodyPublishers.ofByteArray(body))
                .build());
    }

    private byte[] exchange(HttpRequest request) {
        HttpResponse<byte[]> answer = transport.send(request, HttpResponse.BodyHandlers.ofByteArray(), CALL_LIMIT);
        if (answer.statusCode() >= 300) {
            String what = request.method() + " "
                    + request.uri().toString().substring(serverRoot().length());
            throw StatusErrors.of(what, answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    private HttpRequest get(String path, String accept) {
        return request(path, accept).build();
    }

    private HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(URI.create(serverRoot() + path))
                .header("Accept", accept)
                .header("User-Agent", config.userAgent());
    }

    private String serverRoot() {
        String server = config.server().toString();
        return server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    }

    private static String selectors(ListOptions options) {
        return parameter("labelSelector", options.labelSelector())
                + parameter("fieldSelector", options.fieldSelector());
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + UrlText.escape(value);
    }

    private static String namespace(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getNamespace()).orElse("");
    }

    private static String path(ResourceType<?> type, HasMetadata object) {
        return type.path(namespace(object), object.getMetadata().getName());
    }

    private static <T extends HasMetadata> T read(byte[] body, ResourceType<T> type) {
        return parse(() -> ApiJson.mapper().readValue(body, type.type()), type.kind());
    }

    private static byte[] write(Object object) {
        try {
            return ApiJson.mapper().writeValueAsBytes(object);
        } catch (JsonProcessingException unwritable) {
            throw new ApiException(
                    ApiException.Kind.INTERNAL, "cannot write as JSON: " + unwritable.getOriginalMessage(), unwritable);
        }
    }

    private interface Parser<R> {
        R parse() throws IOException;
    }

    private static <R> R parse(Parser<R> parser, String what) {
        try {
            return parser.parse();
        } catch (IOException unreadable) {
            throw new ApiException(
                    ApiException.Kind.INTERNAL,
                    "cannot read the server's answer about %s: %s".formatted(what, unreadable.getMessage()),
                    unreadable);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
