package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.StatusJson;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.DeleteOutcome;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** {@code delete} and {@code deletecollection}. */
public final class DeleteHandler {
    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final ListHandler lists;
    private final Clock clock;

    public DeleteHandler(ObjectStore store, ObjectBodies bodies, ListHandler lists, Clock clock) {
        this.store = store;
        this.bodies = bodies;
        this.lists = lists;
        this.clock = clock;
    }

    public Reply delete(ApiRequest request) {
        DeleteOptions options = options(request);
        WriteOptions by = by(request, options);
        DeleteOutcome outcome =
                store.delete(request.kind(), request.namespace(), request.info().name(), options, by);
        return reply(request, options, outcome);
    }

    /** Answers what was deleted as a list would; with a limit, {@code continue} says where the rest begins. */
    public Reply deleteCollection(ApiRequest request) {
        DeleteOptions options = options(request);
        WriteOptions by = by(request, options);
        ListHandler.Chunk chunk =
                lists.chunk(request.kind(), request.namespace(), ListParameters.parse(request.query(), request.kind()));
        List<CachedObject> deleted = new ArrayList<>();
        for (CachedObject object : chunk.objects()) {
            try {
                DeleteOutcome outcome = store.delete(
                        request.kind(), object.key().namespace(), object.key().name(), options, by);
                deleted.add(outcome.object());
            } catch (ApiFailure gone) {
                // Someone else was faster; the collection still ends up without the object.
                if (gone.reason() != dev.keelson.apiserver.registry.StatusReason.NOT_FOUND) {
                    throw gone;
                }
            }
        }
        return lists.reply(request, new ListHandler.Chunk(chunk.revision(), deleted, chunk.next(), chunk.remaining()));
    }

    /** Kubernetes answers with the object while it is still there, and for pods always. */
    private Reply reply(ApiRequest request, DeleteOptions options, DeleteOutcome outcome) {
        boolean pod =
                request.kind().group().isEmpty() && request.kind().plural().equals("pods");
        if (outcome.gone() && !pod) {
            return Reply.json(
                    200,
                    StatusJson.deleted(
                            request.kind(),
                            outcome.object().key().name(),
                            outcome.object().uid()));
        }
        boolean foreground = options.propagation()
                .filter(policy -> policy == DeleteOptions.Propagation.FOREGROUND)
                .isPresent();
        byte[] body = new ObjectShapes(request.kind(), request.rendering(), TableShape.IncludeObject.METADATA)
                .one(outcome.object(), clock.instant());
        return Reply.json(foreground && !outcome.gone() ? 202 : 200, body);
    }

    /** The body counts; without one, the query may say the same things. */
    private DeleteOptions options(ApiRequest request) {
        ObjectNode tree = bodies.any(request).map(body -> body.object()).orElseGet(() -> fromQuery(request.query()));
        return DeleteOptions.from(bodies.deleteOptions(tree));
    }

    private static ObjectNode fromQuery(QueryParameters query) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        query.number("gracePeriodSeconds").ifPresent(seconds -> tree.put("gracePeriodSeconds", seconds));
        if (query.has("propagationPolicy")) {
            tree.put("propagationPolicy", query.text("propagationPolicy"));
        }
        if (query.has("orphanDependents")) {
            tree.put("orphanDependents", query.flag("orphanDependents"));
        }
        return tree;
    }

    private static WriteOptions by(ApiRequest request, DeleteOptions options) {
        WriteOptions asked = request.writeOptions().on("");
        return asked.dryRun(asked.dryRun() || options.dryRun());
    }
}
