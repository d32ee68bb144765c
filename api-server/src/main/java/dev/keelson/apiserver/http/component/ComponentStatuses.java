package dev.keelson.apiserver.http.component;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.verb.ListHandler;
import dev.keelson.apiserver.http.verb.ListParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.UnstoredKind;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * {@code componentstatuses}: whether the parts of the control plane work, looked at when somebody asks. The controllers
 * and the scheduler are alive while they renew their lease; the database when it answers.
 */
public final class ComponentStatuses {
    public static final UnstoredKind KIND = new UnstoredKind(
            Declaration.clusterWide("v1", "ComponentStatus", "componentstatuses")
                    .shortNames("cs")
                    .columns(
                            Columns.text("Status", "Healthy or Unhealthy.", ComponentStatuses::word),
                            Columns.text("Message", "What it says.", object -> condition(object, "message")),
                            Columns.text("Error", "What is wrong.", object -> condition(object, "error")))
                    .with(KindRules.none()),
            List.of("get", "list"));

    private static final ObjectKey ELECTION =
            new ObjectKey("coordination.k8s.io", "leases", "kube-system", "keelson-controllers");
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final WatchCache cache;
    private final Storage storage;
    private final ListHandler lists;
    private final Clock clock;

    /** A status in the shape of a stored object, so that it can be shown as one. */
    private record Shown(ObjectKey key, String uid, Revision revision, byte[] json, ObjectNode tree)
            implements CachedObject {}

    public ComponentStatuses(WatchCache cache, Storage storage, ListHandler lists, Clock clock) {
        this.cache = cache;
        this.storage = storage;
        this.lists = lists;
        this.clock = clock;
    }

    public Reply answer(ApiRequest request) {
        return known(request).withWarnings(List.of("v1 ComponentStatus is deprecated in v1.19+"));
    }

    private Reply known(ApiRequest request) {
        ResourceDefinition kind = KIND.definition();
        return switch (request.info().verb()) {
            case "list" -> list(request);
            case "get" -> {
                String name = request.info().name();
                CachedObject found = all().stream()
                        .filter(one -> one.key().name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> ApiFailure.notFound(kind, name));
                yield Reply.json(
                        200,
                        new ObjectShapes(kind, request.rendering(), TableShape.IncludeObject.METADATA)
                                .one(found, clock.instant()));
            }
            default -> throw ApiFailure.methodNotAllowed(kind, request.info().verb());
        };
    }

    private Reply list(ApiRequest request) {
        ListParameters parameters = ListParameters.parse(request.query(), KIND.definition());
        List<CachedObject> selected =
                all().stream().filter(parameters.selection()::matches).toList();
        return lists.reply(request, new ListHandler.Chunk(Revision.NONE, selected, "", 0));
    }

    private List<CachedObject> all() {
        Optional<String> controllers = controllers(
                cache.get(ELECTION).map(CachedObject::tree).orElseGet(JsonNodeFactory.instance::objectNode),
                clock.instant());
        return List.of(
                status("controller-manager", controllers),
                status("postgresql", database()),
                status("scheduler", controllers));
    }

    /** What is wrong with the controllers, whose lease this is; the scheduler is one of them. */
    static Optional<String> controllers(ObjectNode lease, Instant now) {
        String renewed = Tree.text(lease, "spec", "renewTime");
        long seconds = Tree.number(lease, "spec", "leaseDurationSeconds").orElse(0L);
        try {
            boolean alive = !renewed.isEmpty()
                    && Instant.parse(renewed).plusSeconds(seconds).isAfter(now);
            return alive
                    ? Optional.empty()
                    : Optional.of("the lease kube-system/keelson-controllers was "
                            + (renewed.isEmpty() ? "never taken" : "renewed last at " + renewed));
        } catch (DateTimeParseException unreadable) {
            return Optional.of("the lease kube-system/keelson-controllers says \"" + renewed + "\"");
        }
    }

    private Optional<String> database() {
        try {
            Waiting.forResult(storage.currentRevision(), PATIENCE);
            return Optional.empty();
        } catch (StorageException | ApiFailure down) {
            return Optional.of(String.valueOf(down.getMessage()));
        }
    }

    private static CachedObject status(String name, Optional<String> problem) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", "ComponentStatus").put("apiVersion", "v1");
        object.putObject("metadata").put("name", name).putNull("creationTimestamp");
        ObjectNode condition = object.putArray("conditions").addObject().put("type", "Healthy");
        condition.put("status", problem.isEmpty() ? "True" : "False");
        problem.ifPresentOrElse(words -> condition.put("error", words), () -> condition.put("message", "ok"));
        return new Shown(
                new ObjectKey("", "componentstatuses", "", name), "", Revision.NONE, Trees.bytes(object), object);
    }

    private static String word(ObjectNode object) {
        return condition(object, "status").equals("True") ? "Healthy" : "Unhealthy";
    }

    private static String condition(ObjectNode object, String field) {
        return Tree.objects(object, "conditions").stream()
                .findFirst()
                .map(condition -> Tree.text(condition, field))
                .orElse("");
    }
}
