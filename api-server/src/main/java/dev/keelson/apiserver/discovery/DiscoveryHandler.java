package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ContentHash;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.UnstoredKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves {@code /api} and {@code /apis} and the documents below them, in the form that the client asks for. */
public final class DiscoveryHandler implements PathHandler {
    private static final Pattern AGGREGATED =
            Pattern.compile("application/json;(?=[^,]*\\bg=apidiscovery\\.k8s\\.io)(?=[^,]*\\bas=APIGroupDiscoveryList)"
                    + "[^,]*\\bv=(v2|v2beta1)\\b");

    private final ResourceRegistry registry;
    private final List<UnstoredKind> unstored;
    private volatile Known known;
    private final String serverAddress;

    /**
     * @param unstored kinds that are served and not stored
     * @param serverAddress host and port at which clients reach the API
     */
    public DiscoveryHandler(ResourceRegistry registry, List<UnstoredKind> unstored, String serverAddress) {
        this.registry = registry;
        this.unstored = List.copyOf(unstored);
        this.known = new Known(registry.generation(), Catalog.of(registry, unstored));
        this.serverAddress = serverAddress;
    }

    /** What is served, as of one generation of the registry. */
    private record Known(long generation, Catalog catalog) {}

    private Catalog catalog() {
        long generation = registry.generation();
        Known current = known;
        if (current.generation() != generation) {
            current = new Known(generation, Catalog.of(registry, unstored));
            known = current;
        }
        return current.catalog();
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        List<String> parts = List.of(request.path().replaceAll("^/+|/+$", "").split("/+"));
        boolean core = parts.getFirst().equals("api");
        if (!core && !parts.getFirst().equals("apis")) {
            return Optional.empty();
        }
        Optional<Reply> reply = parts.size() == 1
                ? Optional.of(root(request, core))
                : document(parts, core).map(tree -> Reply.json(200, tree));
        return reply.map(found -> ContentHash.tagged(found, request.ifNoneMatch()));
    }

    private Reply root(PathRequest request, boolean core) {
        Matcher aggregated = AGGREGATED.matcher(request.accept().replace(" ", ""));
        if (aggregated.find()) {
            String version = aggregated.group(1);
            return Reply.json(200, AggregatedDiscovery.list(catalog(), core, version))
                    .withContentType(
                            "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList")
                    .withHeader("Vary", "Accept");
        }
        return Reply.json(
                        200,
                        core
                                ? DiscoveryDocuments.coreVersions(catalog(), serverAddress)
                                : DiscoveryDocuments.groups(catalog()))
                .withHeader("Vary", "Accept");
    }

    private Optional<ObjectNode> document(List<String> parts, boolean core) {
        if (core) {
            return parts.size() == 2 ? DiscoveryDocuments.resources(catalog(), "", parts.get(1)) : Optional.empty();
        }
        return switch (parts.size()) {
            case 2 -> DiscoveryDocuments.group(catalog(), parts.get(1));
            case 3 -> DiscoveryDocuments.resources(catalog(), parts.get(1), parts.get(2));
            default -> Optional.empty();
        };
    }
}
