package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ComputedKind;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.List;

/** {@code get} and {@code list} of kinds whose objects are worked out; no other verb is served. */
public final class ComputedHandler {
    private final ListHandler lists;
    private final Clock clock;

    public ComputedHandler(ListHandler lists, Clock clock) {
        this.lists = lists;
        this.clock = clock;
    }

    public Reply answer(ApiRequest request, ComputedKind.Source source) {
        checkScope(request);
        boolean part = !request.info().subresource().isEmpty();
        return switch (part ? "" : request.info().verb()) {
            case "get" -> one(request, source);
            case "list" -> list(request, source);
            default ->
                throw ApiFailure.methodNotAllowed(request.kind(), request.info().verb());
        };
    }

    private Reply list(ApiRequest request, ComputedKind.Source source) {
        Selection selection = Selection.parse(request.query(), request.kind());
        List<CachedObject> found = source
                .objects(request.namespace(), selection.onlyName().orElse(""))
                .stream()
                .filter(selection::matches)
                .toList();
        return lists.reply(request, new ListHandler.Chunk(Revision.NONE, found, "", 0));
    }

    private Reply one(ApiRequest request, ComputedKind.Source source) {
        String name = request.info().name();
        CachedObject object = source.objects(request.namespace(), name).stream()
                .findFirst()
                .orElseThrow(() -> ApiFailure.notFound(request.kind(), name));
        var include = TableShape.IncludeObject.parse(request.query().text("includeObject"));
        return Reply.json(
                200, new ObjectShapes(request.kind(), request.rendering(), include).one(object, clock.instant()));
    }

    private static void checkScope(ApiRequest request) {
        boolean namespace = !request.info().namespace().isEmpty();
        boolean lacking = request.kind().namespaced()
                && !namespace
                && !request.info().name().isEmpty();
        if (lacking || !request.kind().namespaced() && namespace) {
            throw ApiFailure.noSuchResource();
        }
    }
}
