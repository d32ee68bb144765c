package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Writes definitions in the compact form that {@code TypeCatalog} reads at run time: one object per package. */
final class TypeTable {
    private static final JsonMapper JSON = new JsonMapper();

    private TypeTable() {}

    static ObjectNode of(List<Definition> definitions) throws IOException {
        ObjectNode table = JSON.createObjectNode();
        for (Definition definition : definitions) {
            ObjectNode entry = table.putObject(definition.name());
            if (definition.atomic()) {
                entry.put("atomic", true);
            }
            ObjectNode fields = entry.putObject("fields");
            for (Definition.Property property : definition.properties().values()) {
                fields.set(property.name(), field(property));
            }
        }
        return table;
    }

    private static ObjectNode field(Definition.Property property) throws IOException {
        ObjectNode field = JSON.createObjectNode();
        field.put("type", property.type());
        property.patchStrategy().ifPresent(value -> field.put("patchStrategy", value));
        property.patchMergeKey().ifPresent(value -> field.put("patchMergeKey", value));
        property.listType().ifPresent(value -> field.put("listType", value));
        property.mapType().ifPresent(value -> field.put("mapType", value));
        if (!property.listMapKeys().isEmpty()) {
            ArrayNode keys = field.putArray("listMapKeys");
            property.listMapKeys().forEach(keys::add);
        }
        if (property.defaultValue().isPresent()) {
            field.set("default", JSON.readTree(property.defaultValue().get()));
        }
        return field;
    }
}
