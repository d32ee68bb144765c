package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of an object, in place, what its schema does not name (apiextensions' pruning), and remembers what that was.
 */
public final class CustomPruning {
    private static final Set<String> META_FIELDS = Set.of("apiVersion", "kind", "metadata");
    private static final int LIMIT = 50;

    private final List<String> unknown = new ArrayList<>();

    private CustomPruning() {}

    /** Prunes a whole object; answers the paths of what went, at most fifty. */
    public static List<String> prune(ObjectNode object, Structural schema) {
        CustomPruning pruning = new CustomPruning();
        pruning.value(object, Optional.of(schema), true, "");
        return pruning.unknown;
    }

    /** Prunes a part of an object, such as a default. */
    static List<String> prunePart(JsonNode value, Structural schema) {
        CustomPruning pruning = new CustomPruning();
        pruning.value(value, Optional.of(schema), schema.embedsResource(), "");
        return pruning.unknown;
    }

    private void value(JsonNode value, Optional<Structural> schema, boolean resource, String path) {
        boolean preserve = schema.map(Structural::preservesUnknown).orElse(false);
        switch (value) {
            case ObjectNode object -> fields(object, schema, resource, preserve, path);
            case ArrayNode array -> {
                Optional<Structural> items = schema.flatMap(Structural::items);
                if (preserve && items.isEmpty()) {
                    return;
                }
                for (int i = 0; i < array.size(); i++) {
                    value(array.get(i), items, embeds(items), path + "[" + i + "]");
                }
            }
            default -> {}
        }
    }

    private void fields(
            ObjectNode object, Optional<Structural> schema, boolean resource, boolean preserve, String path) {
        Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            String name = entry.getKey();
            if (resource && META_FIELDS.contains(name)) {
                continue;
            }
            String at = path.isEmpty() ? name : path + "." + name;
            Optional<Structural> known = schema.flatMap(parent -> parent.property(name));
            boolean free = schema.flatMap(Structural::values).isPresent();
            if (known.isPresent() || free) {
                Optional<Structural> below = known.or(() -> schema.flatMap(Structural::values));
                value(entry.getValue(), below, embeds(below), at);
            } else if (!preserve) {
                entries.remove();
                if (unknown.size() < LIMIT) {
                    unknown.add(at);
                }
            }
        }
    }

    private static boolean embeds(Optional<Structural> schema) {
        return schema.map(Structural::embedsResource).orElse(false);
    }
}
