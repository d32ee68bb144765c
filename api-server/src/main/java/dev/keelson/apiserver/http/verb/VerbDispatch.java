package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.Subresources;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;

/** Which handler answers a verb on an object or one of its subresources. Runs on virtual threads. */
public final class VerbDispatch {
    private final ReadHandler reads;
    private final ListHandler lists;
    private final WriteHandler writes;
    private final DeleteHandler deletes;
    private final ScaleHandler scales;
    private final SubresourceHandler parts;
    private final EvictionHandler evictions;
    private final TokenHandler tokens;

    public VerbDispatch(
            ReadHandler reads,
            ListHandler lists,
            WriteHandler writes,
            DeleteHandler deletes,
            ScaleHandler scales,
            SubresourceHandler parts,
            EvictionHandler evictions,
            TokenHandler tokens) {
        this.reads = reads;
        this.lists = lists;
        this.writes = writes;
        this.deletes = deletes;
        this.scales = scales;
        this.parts = parts;
        this.evictions = evictions;
        this.tokens = tokens;
    }

    public Reply handle(ApiRequest request) {
        return Subresources.parse(
                        request.kind(), request.info().name(), request.info().subresource())
                .map(part -> part(request, part))
                .orElseGet(() -> object(request));
    }

    private Reply object(ApiRequest request) {
        return switch (request.info().verb()) {
            case "get" -> reads.get(request);
            case "list" -> lists.list(request);
            case "create" -> writes.create(request);
            case "update" -> writes.update(request);
            case "patch" -> writes.patch(request);
            case "delete" -> deletes.delete(request);
            case "deletecollection" -> deletes.deleteCollection(request);
            default -> throw notAllowed(request);
        };
    }

    private Reply part(ApiRequest request, Subresource part) {
        String verb = request.info().verb();
        return switch (part) {
            case STATUS, APPROVAL, EPHEMERALCONTAINERS, RESIZE ->
                switch (verb) {
                    case "get" -> reads.get(request);
                    case "update" -> writes.update(request);
                    case "patch" -> writes.patch(request);
                    default -> throw notAllowed(request);
                };
            case SCALE ->
                switch (verb) {
                    case "get" -> scales.get(request);
                    case "update" -> scales.update(request);
                    case "patch" -> scales.patch(request);
                    default -> throw notAllowed(request);
                };
            case BINDING -> only("create", request, () -> parts.bind(request));
            case EVICTION -> only("create", request, () -> evictions.evict(request));
            case TOKEN -> only("create", request, () -> tokens.create(request));
            case FINALIZE -> only("update", request, () -> parts.finalizeNamespace(request));
            case LOG, EXEC, ATTACH, PORTFORWARD, PROXY -> throw notAllowed(request);
        };
    }

    private static Reply only(String verb, ApiRequest request, java.util.function.Supplier<Reply> handler) {
        if (!request.info().verb().equals(verb)) {
            throw notAllowed(request);
        }
        return handler.get();
    }

    private static ApiFailure notAllowed(ApiRequest request) {
        return ApiFailure.methodNotAllowed(request.kind(), request.info().verb());
    }
}
