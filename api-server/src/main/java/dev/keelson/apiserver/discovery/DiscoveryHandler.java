package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ContentHash;
import dev.keelson.apiserver.http.reply.Negotiation;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.YamlOutput;
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
        Optional<String> aggregated = parts.size() == 1 ? aggregated(request.accept()) : Optional.empty();
        if (aggregated.isPresent()) {
            Reply reply = Reply.json(200, AggregatedDiscovery.list(catalog(), core, aggregated.get()))
                    .withContentType("application/json;g=apidiscovery.k8s.io;v=" + aggregated.get()
                            + ";as=APIGroupDiscoveryList")
                    .withHeader("Vary", "Accept");
            return Optional.of(ContentHash.tagged(reply, request.ifNoneMatch()));
        }
        return (parts.size() == 1 ? Optional.of(root(core)) : document(parts, core))
                .map(document -> negotiated(request, document));
    }

    /** The version that is asked for. */
    private static Optional<String> aggregated(String accept) {
        Matcher aggregated = AGGREGATED.matcher(accept.replace(" ", ""));
        return aggregated.find() ? Optional.of(aggregated.group(1)) : Optional.empty();
    }

    private static Reply negotiated(PathRequest request, ObjectNode document) {
        Reply reply = Reply.json(200, document).withHeader("Vary", "Accept");
        return switch (Negotiation.choose(request.accept(), false).format()) {
            case JSON -> ContentHash.tagged(reply, request.ifNoneMatch());
            case YAML -> YamlOutput.of(reply);
        };
    }

    private ObjectNode root(boolean core) {
        return core ? DiscoveryDocuments.coreVersions(catalog(), serverAddress) : DiscoveryDocuments.groups(catalog());
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
