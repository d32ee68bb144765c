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
    private static final Difference NONE = new Difference(FieldSet.empty(), FieldSet.empty());

    static Difference between(ObjectNode before, ObjectNode after, OwnedFields fields, Shapes shapes) {
        Difference all = new Comparison(fields).compare(before, after, shapes.ofObject(after));
        return new Difference(OwnedFields.ownable(all.changed), OwnedFields.ownable(all.removed));
    }

    private record Comparison(OwnedFields fields) {

        Difference compare(JsonNode before, JsonNode after, Shape shape) {
            if (JsonEquality.same(before, after)) {
                return NONE;
            }
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
            Map<String, FieldSet> changed = new TreeMap<>();
            Map<String, FieldSet> removed = new TreeMap<>();
            Set<String> names = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                child(
                        before.path(name),
                        after.path(name),
                        fields.shapeOf(shape, name),
                        PathStep.field(name),
                        changed,
                        removed);
            }
            return new Difference(FieldSet.of(false, changed), FieldSet.of(false, removed));
        }

        private Difference lists(JsonNode before, JsonNode after, Shape shape) {
            Map<String, FieldSet> changed = new TreeMap<>();
            Map<String, FieldSet> removed = new TreeMap<>();
            Map<String, JsonNode> old = Elements.of(before, shape);
            Map<String, JsonNode> updated = Elements.of(after, shape);
            Set<String> steps = new LinkedHashSet<>(old.keySet());
            steps.addAll(updated.keySet());
            for (String step : steps) {
                child(
                        old.getOrDefault(step, ABSENT),
                        updated.getOrDefault(step, ABSENT),
                        fields.elementOf(shape),
                        step,
                        changed,
                        removed);
            }
            return new Difference(FieldSet.of(false, changed), FieldSet.of(false, removed));
        }

        private void child(
                JsonNode before,
                JsonNode after,
                Shape shape,
                String step,
                Map<String, FieldSet> changed,
                Map<String, FieldSet> removed) {
            if (before.isMissingNode()) {
                changed.put(step, all(after, shape, step));
            } else if (after.isMissingNode()) {
                removed.put(step, all(before, shape, step));
            } else {
                Difference difference = compare(before, after, shape);
                changed.put(step, difference.changed);
                removed.put(step, difference.removed);
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
