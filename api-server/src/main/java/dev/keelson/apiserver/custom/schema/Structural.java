package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A node of the schema of a custom resource: a view of an apiextensions.k8s.io/v1 JSONSchemaProps. Nothing is copied out
 * of the tree, so that a schema costs no more than the tree that it was parsed into.
 */
public record Structural(JsonNode node) {
    private static final Structural ANYTHING = new Structural(JsonNodeFactory.instance.objectNode());

    /** A named part of a schema with the path at which it stands. */
    public record Part(String path, Structural schema) {}

    /** The type, empty when the schema names none. */
    public String type() {
        return node.path("type").asText("");
    }

    public boolean nullable() {
        return node.path("nullable").asBoolean();
    }

    public Optional<Structural> property(String name) {
        return child(node.path("properties").path(name));
    }

    public Iterable<Map.Entry<String, JsonNode>> properties() {
        return node.path("properties").properties();
    }

    public boolean hasProperties() {
        return !node.path("properties").isEmpty();
    }

    public Optional<Structural> items() {
        return child(node.path("items"));
    }

    /** What free keys hold; {@code additionalProperties: true} is a schema that says nothing. */
    public Optional<Structural> values() {
        return describedValues()
                .or(() -> Optional.of(ANYTHING).filter(any -> Tree.isTrue(node, "additionalProperties")));
    }

    /** What free keys hold, where the schema describes that. */
    public Optional<Structural> describedValues() {
        return child(node.path("additionalProperties"));
    }

    public boolean preservesUnknown() {
        return node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    public boolean embedsResource() {
        return node.path("x-kubernetes-embedded-resource").asBoolean();
    }

    public boolean isIntOrString() {
        return node.path("x-kubernetes-int-or-string").asBoolean();
    }

    /** {@code atomic}, {@code set}, {@code map} or empty. */
    public String listType() {
        return node.path("x-kubernetes-list-type").asText("");
    }

    public List<String> listMapKeys() {
        return Tree.texts(node, "x-kubernetes-list-map-keys");
    }

    public boolean atomicMap() {
        return node.path("x-kubernetes-map-type").asText("").equals("atomic");
    }

    /**
     * The elements of a state of this list by their {@link #keysOf keys}, by which they are recognised in another state of
     * it; none if elements have no keys.
     */
    public Map<List<JsonNode>, JsonNode> byKeys(JsonNode list) {
        Map<List<JsonNode>, JsonNode> elements = new HashMap<>();
        if (listType().equals("map") && list instanceof ArrayNode) {
            list.forEach(element -> elements.putIfAbsent(keysOf(element), element));
        }
        return elements;
    }

    public List<JsonNode> keysOf(JsonNode element) {
        return listMapKeys().stream().map(element::path).toList();
    }

    /** Whether a value says what it said before. */
    public static boolean unchanged(JsonNode value, Optional<JsonNode> old) {
        return old.filter(before -> value.equals(JsonNumbers::compare, before)).isPresent();
    }

    /** The value that an absent or null one is replaced with. */
    public Optional<JsonNode> defaultValue() {
        JsonNode value = node.path("default");
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    public boolean requires(String property) {
        return Tree.texts(node, "required").contains(property);
    }

    /** The alternatives below {@code allOf}, {@code anyOf} or {@code oneOf}. */
    public List<Structural> junctor(String name) {
        List<Structural> parts = new ArrayList<>();
        node.path(name).forEach(part -> parts.add(new Structural(part)));
        return parts;
    }

    public Optional<Structural> not() {
        return child(node.path("not"));
    }

    /** Every schema that a value below this one is described by, in the order of the document. */
    public List<Part> parts(String path) {
        List<Part> parts = new ArrayList<>();
        properties()
                .forEach(entry -> parts.add(
                        new Part(path + ".properties[" + entry.getKey() + "]", new Structural(entry.getValue()))));
        items().ifPresent(items -> parts.add(new Part(path + ".items", items)));
        describedValues().ifPresent(values -> parts.add(new Part(path + ".additionalProperties", values)));
        return parts;
    }

    /** Whether anything in here has a default. */
    public boolean hasDefaults() {
        return any(part -> part.defaultValue().isPresent());
    }

    /** Whether this or anything below it is so. */
    public boolean any(Predicate<Structural> so) {
        return so.test(this)
                || parts("").stream().anyMatch(part -> part.schema().any(so));
    }

    private static Optional<Structural> child(JsonNode found) {
        return found instanceof ObjectNode ? Optional.of(new Structural(found)) : Optional.empty();
    }
}
