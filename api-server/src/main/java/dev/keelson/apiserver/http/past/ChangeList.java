package dev.keelson.apiserver.http.past;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.print.HumanDuration;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.PastChange;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Who changed an object when and into what, newest first (keelson.dev/v1 {@code ChangeList}); as a Table, which of its
 * fields each change touched.
 */
final class ChangeList {
    private static final int MOST = 500;
    private static final List<String> COLUMNS = List.of("Revision", "Age", "Type", "User", "Changed");

    private final History history;
    private final Clock clock;

    ChangeList(History history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    Reply of(ApiRequest request) {
        long asked = request.query().number("limit").orElse(0L);
        int limit = asked <= 0 || asked > MOST ? MOST : (int) asked;
        ObjectKey key =
                Reads.key(request.kind(), request.namespace(), request.info().name());
        // One more than is shown: it says whether there are more, and what the oldest shown one changed.
        List<PastChange> found =
                Waiting.forResult(history.changes(key, before(request.query().text("continue")), limit + 1));
        if (found.isEmpty()) {
            throw ApiFailure.notFound(request.kind(), request.info().name());
        }
        boolean table = request.rendering().shape() == Rendering.Shape.TABLE;
        List<PastChange> shown = found.subList(0, Math.min(limit, found.size()));
        ObjectNode list = table ? table(request, found, shown.size()) : plain(request.kind(), shown);
        ObjectNode metadata = list.putObject("metadata");
        if (found.size() > limit) {
            metadata.put("continue", shown.getLast().object().revision().toString());
        }
        return Reply.json(200, list);
    }

    private static Revision before(String token) {
        if (token.isEmpty()) {
            return new Revision(Long.MAX_VALUE);
        }
        if (!Moment.REVISION.matcher(token).matches()) {
            throw ApiFailure.badRequest("continue: \"%s\" is not from an earlier answer".formatted(token));
        }
        return new Revision(Long.parseLong(token));
    }

    /** Objects are shown in the version that is asked for, whichever they were stored in. */
    private static ObjectNode plain(ResourceDefinition kind, List<PastChange> changes) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "ChangeList").put("apiVersion", "keelson.dev/v1");
        ArrayNode items = list.putArray("items");
        List<CachedObject> objects = kind.strategy()
                .served(changes.stream()
                        .<CachedObject>map(change -> Trees.served(change.object()))
                        .toList());
        for (int i = 0; i < changes.size(); i++) {
            PastChange change = changes.get(i);
            items.addObject()
                    .put("revision", change.object().revision().toString())
                    .put("time", change.at().toString())
                    .put("type", type(change.kind()))
                    .put("user", change.author())
                    .set("object", objects.get(i).tree());
        }
        return list;
    }

    private ObjectNode table(ApiRequest request, List<PastChange> found, int shown) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", request.rendering().apiVersion());
        ArrayNode columns = table.putArray("columnDefinitions");
        COLUMNS.forEach(name -> columns.addObject()
                .put("name", name)
                .put("type", "string")
                .put("format", "")
                .put("description", "")
                .put("priority", 0));
        ArrayNode rows = table.putArray("rows");
        for (int i = 0; i < shown; i++) {
            PastChange change = found.get(i);
            rows.addObject()
                    .putArray("cells")
                    .add(change.object().revision().toString())
                    .add(HumanDuration.of(Duration.between(change.at(), clock.instant())))
                    .add(type(change.kind()))
                    .add(change.author())
                    .add(i + 1 < found.size() ? touched(found.get(i + 1), change) : "");
        }
        return table;
    }

    private static String touched(PastChange before, PastChange change) {
        return change.kind() == Change.Kind.UPDATED
                ? ChangedFields.between(
                        Trees.parse(before.object().json()),
                        Trees.parse(change.object().json()))
                : "";
    }

    private static String type(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "Created";
            case UPDATED -> "Updated";
            case DELETED -> "Deleted";
        };
    }
}
