package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The set of fields that an object states, as its applier comes to own them. */
final class OwnedFields {
    /** Fields of metadata that belong to the server or name the object; nobody owns them. */
    private static final FieldSet UNOWNED = FieldSet.of(
            false,
            Map.of(
                    "f:apiVersion", FieldSet.leaf(),
                    "f:kind", FieldSet.leaf(),
                    "f:metadata",
                            FieldSet.of(
                                    false,
                                    leaves(Set.of(
                                            "name",
                                            "namespace",
                                            "uid",
                                            "resourceVersion",
                                            "generation",
                                            "creationTimestamp",
                                            "selfLink",
                                            "managedFields",
                                            "clusterName",
                                            "deletionTimestamp",
                                            "deletionGracePeriodSeconds",
                                            "generateName")))));

    private final Shapes shapes;

    OwnedFields(Shapes shapes) {
        this.shapes = shapes;
    }

    private static Map<String, FieldSet> leaves(Set<String> names) {
        Map<String, FieldSet> leaves = new TreeMap<>();
        names.forEach(name -> leaves.put(PathStep.field(name), FieldSet.leaf()));
        return leaves;
    }

    FieldSet of(ObjectNode object) {
        return ownable(of(object, shapes.ofObject(object), ""));
    }

    static FieldSet ownable(FieldSet fields) {
        if (fields.isEmpty()) {
            return fields;
        }
        FieldSet rest = fields.minusBelow(UNOWNED);
        FieldSet metadata = rest.child("f:metadata");
        // A metadata object that only named the object says nothing that could be owned.
        return metadata.member() && metadata.children().isEmpty()
                ? rest.minus(FieldSet.of(false, Map.of("f:metadata", FieldSet.leaf())))
                : rest;
    }

    FieldSet of(JsonNode value, Shape shape, String path) {
        if (shape instanceof Shape.Whole) {
            return FieldSet.leaf();
        }
        if (value instanceof ObjectNode object && !object.isEmpty()) {
            return fields(object, shape, path);
        }
        if (value instanceof ArrayNode list && !list.isEmpty() && !(shape instanceof Shape.Deduced)) {
            return elements(list, shape, path);
        }
        return FieldSet.leaf();
    }

    private FieldSet fields(ObjectNode object, Shape shape, String path) {
        Map<String, FieldSet> children = new TreeMap<>();
        object.properties().forEach(entry -> {
            Shape child = shapeOf(shape, entry.getKey());
            children.put(PathStep.field(entry.getKey()), of(entry.getValue(), child, path + "." + entry.getKey()));
        });
        return FieldSet.of(false, children);
    }

    Shape shapeOf(Shape shape, String field) {
        return switch (shape) {
            case Shape.Struct struct -> shapes.ofField(struct, field);
            case Shape.Map map -> shapes.of(map.value());
            case Shape.Deduced deduced -> deduced;
            case Shape.Whole whole -> whole;
            case Shape.KeyedList list -> new Shape.Whole();
            case Shape.SetList set -> new Shape.Whole();
        };
    }

    Shape elementOf(Shape shape) {
        return shape instanceof Shape.KeyedList list ? shapes.of(list.element()) : new Shape.Whole();
    }

    private FieldSet elements(ArrayNode list, Shape shape, String path) {
        Map<String, FieldSet> children = new TreeMap<>();
        Elements.ofApplied(list, shape, path).forEach((step, element) -> {
            FieldSet parts = of(element, elementOf(shape), path + PathStep.shown(step));
            children.put(step, FieldSet.of(true, parts.children()));
        });
        return FieldSet.of(false, children);
    }
}
