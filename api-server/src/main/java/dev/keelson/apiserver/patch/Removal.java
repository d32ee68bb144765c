package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Takes away what a manager applied before and applies no longer, unless somebody else owns it.
 *
 * @param kept what must stay: fields of other managers and fields that are still applied
 */
record Removal(OwnedFields fields, FieldSet kept) {

    /** Removes from the object, in place. */
    void from(ObjectNode object, Shape shape, FieldSet gone) {
        fromObject(object, shape, gone, kept, 0);
    }

    private void fromObject(ObjectNode object, Shape shape, FieldSet gone, FieldSet keep, int depth) {
        gone.children().forEach((step, below) -> {
            String name = step.substring(2);
            if (step.startsWith("f:") && object.has(name)) {
                Shape child = fields.shapeOf(shape, name);
                if (vanishes(object.get(name), child, below, keep.child(step), depth)) {
                    object.remove(name);
                }
            }
        });
    }

    /** Whether the value is to go; when not, what is to go below it has been removed. */
    private boolean vanishes(JsonNode value, Shape shape, FieldSet gone, FieldSet keep, int depth) {
        // What nobody speaks of any more below such a struct is only what defaults had filled in.
        boolean leftOver = shape instanceof Shape.Struct && depth > 0;
        if (keep.isEmpty() && (gone.member() || leftOver)) {
            return true;
        }
        switch (value) {
            case ObjectNode object -> fromObject(object, shape, gone, keep, depth + 1);
            case ArrayNode list -> fromList(list, shape, gone, keep, depth + 1);
            default -> {
                return keep.isEmpty();
            }
        }
        return keep.isEmpty() && value.isEmpty();
    }

    private void fromList(ArrayNode list, Shape shape, FieldSet gone, FieldSet keep, int depth) {
        Map<String, JsonNode> elements = Elements.of(list, shape);
        gone.children().forEach((step, below) -> {
            JsonNode element = elements.get(step);
            if (element != null && vanishes(element, fields.elementOf(shape), below, keep.child(step), depth)) {
                removeSame(list, element);
            }
        });
    }

    private static void removeSame(ArrayNode list, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == element) {
                list.remove(i);
                return;
            }
        }
    }
}
