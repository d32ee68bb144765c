package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What changed between two states of an object.
 *
 * @param changed fields that are new or have another value
 * @param removed fields that are gone
 */
record Difference(FieldSet changed, FieldSet removed) {

    private static final JsonNode ABSENT = MissingNode.getInstance();

    static Difference between(ObjectNode before, ObjectNode after, OwnedFields fields, Shapes shapes) {
        Difference all = new Comparison(fields).compare(before, after, shapes.ofObject(after));
        return new Difference(OwnedFields.ownable(all.changed), OwnedFields.ownable(all.removed));
    }

    /** What was found below one value, by the steps that lead there. */
    private record Parts(Map<String, FieldSet> changed, Map<String, FieldSet> removed) {
        Difference difference() {
            return new Difference(FieldSet.of(false, changed), FieldSet.of(false, removed));
        }
    }

    private record Comparison(OwnedFields fields) {

        /** Of two values that are not the same. */
        Difference compare(JsonNode before, JsonNode after, Shape shape) {
            boolean whole = shape instanceof Shape.Whole
                    || before.getNodeType() != after.getNodeType()
                    || !before.isContainerNode()
                    || before.isArray() && shape instanceof Shape.Deduced;
            if (whole) {
                return new Difference(FieldSet.leaf(), FieldSet.empty());
            }
            return before.isArray() ? lists(before, after, shape) : objects(before, after, shape);
        }

        private Difference objects(JsonNode before, JsonNode after, Shape shape) {
            Parts parts = new Parts(new TreeMap<>(), new TreeMap<>());
            for (Map.Entry<String, JsonNode> entry : before.properties()) {
                field(entry.getKey(), entry.getValue(), after.path(entry.getKey()), shape, parts);
            }
            for (Map.Entry<String, JsonNode> entry : after.properties()) {
                if (!before.has(entry.getKey())) {
                    field(entry.getKey(), ABSENT, entry.getValue(), shape, parts);
                }
            }
            return parts.difference();
        }

        private void field(String name, JsonNode before, JsonNode after, Shape shape, Parts parts) {
            // Before anything is known about the field: most fields stay as they are.
            if (!JsonEquality.same(before, after)) {
                part(PathStep.field(name), before, after, fields.shapeOf(shape, name), parts);
            }
        }

        private Difference lists(JsonNode before, JsonNode after, Shape shape) {
            Parts parts = new Parts(new TreeMap<>(), new TreeMap<>());
            Map<String, JsonNode> old = Elements.of(before, shape);
            Map<String, JsonNode> updated = Elements.of(after, shape);
            Set<String> steps = new LinkedHashSet<>(old.keySet());
            steps.addAll(updated.keySet());
            for (String step : steps) {
                JsonNode one = old.getOrDefault(step, ABSENT);
                JsonNode other = updated.getOrDefault(step, ABSENT);
                if (!JsonEquality.same(one, other)) {
                    part(step, one, other, fields.elementOf(shape), parts);
                }
            }
            return parts.difference();
        }

        private void part(String step, JsonNode before, JsonNode after, Shape shape, Parts parts) {
            if (before.isMissingNode()) {
                parts.changed.put(step, all(after, shape, step));
            } else if (after.isMissingNode()) {
                parts.removed.put(step, all(before, shape, step));
            } else {
                Difference difference = compare(before, after, shape);
                parts.changed.put(step, difference.changed);
                parts.removed.put(step, difference.removed);
            }
        }

        /** Everything in a value that came or went; a list element counts with itself. */
        private FieldSet all(JsonNode value, Shape shape, String step) {
            FieldSet inside = leaves(value, shape);
            return step.startsWith("k:") ? FieldSet.of(true, inside.children()) : inside;
        }

        private FieldSet leaves(JsonNode value, Shape shape) {
            boolean whole = shape instanceof Shape.Whole
                    || !value.isContainerNode()
                    || value.isEmpty()
                    || value.isArray() && shape instanceof Shape.Deduced;
            if (whole) {
                return FieldSet.leaf();
            }
            Map<String, FieldSet> children = new TreeMap<>();
            if (value.isArray()) {
                Elements.of(value, shape)
                        .forEach((step, element) -> children.put(step, all(element, fields.elementOf(shape), step)));
            } else {
                value.properties()
                        .forEach(entry -> children.put(
                                PathStep.field(entry.getKey()),
                                leaves(entry.getValue(), fields.shapeOf(shape, entry.getKey()))));
            }
            return FieldSet.of(false, children);
        }
    }
}
