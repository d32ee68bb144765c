package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.UnstoredKind;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code /}: which paths there are. */
public final class IndexHandler implements PathHandler {
    private static final List<String> FIXED = List.of(
            "/.well-known/openid-configuration",
            "/api",
            "/api/v1",
            "/apis",
            "/apis/",
            "/healthz",
            "/livez",
            "/metrics",
            "/metrics/slis",
            "/openapi/v2",
            "/openapi/v3",
            "/openid/v1/jwks",
            "/readyz",
            "/version");

    private final ResourceRegistry registry;
    private final List<UnstoredKind> unstored;

    public IndexHandler(ResourceRegistry registry, List<UnstoredKind> unstored) {
        this.registry = registry;
        this.unstored = List.copyOf(unstored);
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        if (!request.path().equals("/") && !request.path().equals("/index.html")) {
            return Optional.empty();
        }
        TreeSet<String> paths = new TreeSet<>(FIXED);
        Stream.concat(registry.all().stream(), unstored.stream().map(UnstoredKind::definition))
                .filter(kind -> !kind.group().isEmpty())
                .map(ResourceDefinition::apiVersion)
                .forEach(version -> {
                    paths.add("/apis/" + version);
                    paths.add("/apis/" + version.substring(0, version.indexOf('/')));
                });
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        paths.forEach(index.putArray("paths")::add);
        return Optional.of(Reply.json(200, index));
    }
}
