package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Objects as rows (meta.k8s.io Table), from the columns that the kind declares. Pure. */
public record TableShape(ResourceDefinition kind, String apiVersion, IncludeObject include) {
    private static final ObjectMapper CELLS = new ObjectMapper();
    private static final Column NAME = new Column(
            "Name",
            "string",
            "name",
            "Name must be unique within a namespace. Is required when creating resources.",
            0,
            (object, now) -> Meta.name(object));
    private static final Column CREATED = new Column(
            "Created At",
            "date",
            "",
            "CreationTimestamp is a timestamp representing the server time when this object was created.",
            0,
            (object, now) -> object.path("metadata").path("creationTimestamp").asText(""));

    /** How much of the object a row carries beside its cells. */
    public enum IncludeObject {
        NONE,
        METADATA,
        OBJECT;

        public static IncludeObject parse(String value) {
            return switch (value) {
                case "", "Metadata" -> METADATA;
                case "None" -> NONE;
                case "Object" -> OBJECT;
                default ->
                    throw ApiFailure.badRequest(
                            "Unable to convert to Table as requested: includeObject: Invalid value: \"%s\": must be 'Metadata', 'Object', 'None', or empty"
                                    .formatted(value));
            };
        }
    }

    /** A Table without metadata. */
    public ObjectNode table(List<CachedObject> objects, Instant now, boolean withColumns) {
        ObjectNode table = head(withColumns);
        ArrayNode rows = table.putArray("rows");
        Function<CachedObject, ObjectNode> rowOf = rows(now);
        objects.forEach(object -> rows.add(rowOf.apply(object)));
        return table;
    }

    /** A Table without metadata and rows. */
    public ObjectNode head(boolean withColumns) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", apiVersion);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (withColumns) {
            columns(kind).forEach(column -> definitions.add(definition(column)));
        }
        return table;
    }

    /** What makes an object a row. */
    public Function<CachedObject, ObjectNode> rows(Instant now) {
        List<Column> columns = columns(kind);
        return object -> row(object.tree(), columns, now);
    }

    /** What the rows of a kind show. */
    public static List<Column> columns(ResourceDefinition kind) {
        // A custom kind's column of that name stands beside the usual one, as in Kubernetes.
        boolean ownName = kind.strategy().isBuiltIn()
                && kind.columns().stream().anyMatch(column -> column.name().equals(NAME.name()));
        if (ownName) {
            return kind.columns();
        }
        List<Column> all = new ArrayList<>();
        all.add(NAME);
        all.addAll(kind.columns().isEmpty() ? List.of(CREATED) : kind.columns());
        return all;
    }

    private static ObjectNode definition(Column column) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", column.name())
                .put("type", column.type())
                .put("format", column.format())
                .put("description", column.description())
                .put("priority", column.priority());
    }

    private ObjectNode row(ObjectNode object, List<Column> columns, Instant now) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns) {
            cells.add(CELLS.<JsonNode>valueToTree(column.cell().apply(object, now)));
        }
        switch (include) {
            case NONE -> {}
            case METADATA -> row.set("object", ObjectShapes.partial(object, apiVersion));
            case OBJECT -> row.set("object", object);
        }
        return row;
    }
}
