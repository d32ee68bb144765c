package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ScalePaths;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code scale}: the number of replicas of any kind that has one, as an autoscaling/v1 Scale. */
public final class ScaleHandler {
    private static final String API_VERSION = "autoscaling/v1";
    private static final List<String> COPIED =
            List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp");

    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final PatchHandler patches;
    private final Clock clock;

    /** A Scale in the shape of a stored object, so that it can be shown as one. */
    private record ScaleView(ObjectKey key, String uid, Revision revision, byte[] json, ObjectNode tree)
            implements CachedObject {}

    public ScaleHandler(ObjectStore store, ObjectBodies bodies, PatchHandler patches, Clock clock) {
        this.store = store;
        this.bodies = bodies;
        this.patches = patches;
        this.clock = clock;
    }

    public Reply get(ApiRequest request) {
        CachedObject object = store.reads()
                .requireLatest(
                        request.kind(), request.namespace(), request.info().name());
        return answer(request, object);
    }

    public Reply update(ApiRequest request) {
        ObjectNode scale = bodies.plain(request, API_VERSION, "Scale");
        return answer(request, change(request, current -> scale));
    }

    public Reply patch(ApiRequest request) {
        Optional<ObjectNode> applied = patches.applied(request);
        if (applied.isPresent()) {
            return answer(request, patches.applyFor(request, owner(request, applied.get())));
        }
        return answer(
                request,
                change(
                        request,
                        current -> patches.patchPlain(
                                request,
                                scale(current, request.kind().strategy().scalePaths()))));
    }

    /** The part of the whole object that an applied Scale is about: whoever applies it owns the number of replicas. */
    private static ObjectNode owner(ApiRequest request, ObjectNode scale) {
        ObjectBodies.expectKind(scale, API_VERSION, "Scale");
        ObjectNode wanted = scale.objectNode();
        wanted.put("apiVersion", request.kind().apiVersion())
                .put("kind", request.kind().kind());
        Meta.of(wanted).put("name", request.info().name());
        return scale.path("spec").has("replicas") ? scaled(request, wanted, scale) : wanted;
    }

    private CachedObject change(ApiRequest request, dev.keelson.apiserver.registry.store.Transform toScale) {
        return store.update(
                request.kind(),
                request.namespace(),
                request.info().name(),
                current -> scaled(request, current, toScale.apply(current)),
                request.writeOptions());
    }

    private static ObjectNode scaled(ApiRequest request, ObjectNode current, ObjectNode scale) {
        JsonNode replicas = scale.path("spec").path("replicas");
        if (!replicas.isMissingNode() && (!replicas.canConvertToInt() || replicas.asInt() < 0)) {
            throw ApiFailure.invalid(
                    scaleKind(request.kind()),
                    request.info().name(),
                    List.of(FieldError.invalid(
                            "spec.replicas", replicas.toString(), "must be an integer greater than or equal to 0")));
        }
        if (!Meta.resourceVersion(scale).isEmpty()) {
            Meta.of(current).put("resourceVersion", Meta.resourceVersion(scale));
        }
        List<String> path = request.kind().strategy().scalePaths().specReplicas();
        ObjectNode parent = current;
        for (String field : path.subList(0, path.size() - 1)) {
            parent = Tree.child(parent, field);
        }
        parent.set(path.getLast(), IntNode.valueOf(replicas.asInt(0)));
        return current;
    }

    private Reply answer(ApiRequest request, CachedObject object) {
        ObjectNode scale = scale(object.tree(), request.kind().strategy().scalePaths());
        ScaleView view = new ScaleView(object.key(), object.uid(), object.revision(), Trees.bytes(scale), scale);
        byte[] body = new ObjectShapes(
                        scaleKind(request.kind()), request.rendering(), TableShape.IncludeObject.METADATA)
                .one(view, clock.instant());
        return Reply.json(200, body);
    }

    public static ObjectNode scale(ObjectNode object, ScalePaths paths) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", API_VERSION);
        ObjectNode metadata = scale.putObject("metadata");
        COPIED.forEach(field -> {
            JsonNode value = object.path("metadata").path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        });
        scale.putObject("spec").put("replicas", at(object, paths.specReplicas()).asInt(0));
        scale.putObject("status")
                .put("replicas", at(object, paths.statusReplicas()).asInt(0))
                .put("selector", selector(at(object, paths.selector())));
        return scale;
    }

    private static JsonNode at(ObjectNode object, List<String> path) {
        return path.isEmpty() ? MissingNode.getInstance() : Tree.at(object, path.toArray(String[]::new));
    }

    private static String selector(JsonNode selector) {
        // Clients parse it: none is empty, not the word that tables show.
        return selector.isContainerNode() && !selector.isEmpty() ? Selectors.format(selector) : selector.asText("");
    }

    /** How a Scale of this kind is shown. */
    private static ResourceDefinition scaleKind(ResourceDefinition owner) {
        return new ResourceDefinition(
                "autoscaling",
                "v1",
                "Scale",
                owner.plural(),
                owner.singular(),
                List.of(),
                List.of(),
                owner.namespaced(),
                Set.of(),
                owner.strategy(),
                List.of(
                        number("Desired", "Number of desired replicas", "spec"),
                        number("Available", "Number of observed replicas", "status"),
                        Columns.age()),
                Set.of());
    }

    private static Column number(String name, String description, String part) {
        return new Column(name, "integer", "", description, 0, (object, now) -> object.path(part)
                .path("replicas")
                .asInt());
    }
}
