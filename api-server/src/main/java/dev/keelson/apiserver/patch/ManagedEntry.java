package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Comparator;

/** What one manager owns by one way of writing (meta/v1 ManagedFieldsEntry). */
record ManagedEntry(FieldOwner owner, String operation, String apiVersion, String time, FieldSet fields) {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";
    private static final int LONGEST_MANAGER = 128;

    /** In which order an object lists its entries. */
    static final Comparator<JsonNode> ORDER = by("operation")
            .thenComparing(by("time"))
            .thenComparing(by("manager"))
            .thenComparing(by("apiVersion"))
            .thenComparing(by("subresource"));

    private static Comparator<JsonNode> by(String field) {
        return Comparator.comparing(entry -> Tree.text(entry, field));
    }

    static ManagedEntry fromJson(JsonNode json) {
        return new ManagedEntry(
                new FieldOwner(Tree.text(json, "manager"), Tree.text(json, "subresource")),
                Tree.text(json, "operation"),
                Tree.text(json, "apiVersion"),
                Tree.text(json, "time"),
                FieldSet.fromJson(json.path("fieldsV1")));
    }

    /** Whether a client's entry says who, how and what. */
    static boolean isReadable(JsonNode json) {
        return (Tree.text(json, "operation").equals(APPLY)
                        || Tree.text(json, "operation").equals(UPDATE))
                && Tree.text(json, "fieldsType").equals("FieldsV1")
                && Tree.text(json, "manager").length() <= LONGEST_MANAGER
                && json.path("fieldsV1").isObject();
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("manager", owner.manager());
        json.put("operation", operation);
        json.put("apiVersion", apiVersion);
        if (!time.isEmpty()) {
            json.put("time", time);
        }
        json.put("fieldsType", "FieldsV1");
        json.set("fieldsV1", fields.toJson());
        if (!owner.subresource().isEmpty()) {
            json.put("subresource", owner.subresource());
        }
        return json;
    }

    ManagedEntry withFields(FieldSet changed) {
        return new ManagedEntry(owner, operation, apiVersion, time, changed);
    }

    boolean isBy(FieldOwner other, String otherOperation, String otherApiVersion) {
        return owner.equals(other) && operation.equals(otherOperation) && apiVersion.equals(otherApiVersion);
    }

    /** As conflict messages name it. */
    String shown() {
        String name = JsonNodeFactory.instance.textNode(owner.manager()).toString();
        String full = owner.subresource().isEmpty() ? name : name + " with subresource \"" + owner.subresource() + "\"";
        if (!operation.equals(UPDATE)) {
            return full;
        }
        return full + " using " + apiVersion + (time.isEmpty() ? "" : " at " + time);
    }
}
