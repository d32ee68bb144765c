package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Judges values by the validations of OpenAPI, with the words of Kubernetes' kube-openapi and the field errors that the
 * API server makes of them.
 */
final class ValueCheck {
    private final Patterns patterns;
    private final ValueProblems problems;

    ValueCheck(Patterns patterns, ValueProblems problems) {
        this.patterns = patterns;
        this.problems = problems;
    }

    /**
     * Judges a value of an update. What was wrong before is forgiven where nothing has changed: a definition that became
     * stricter must not keep anybody from changing the other fields of its objects (Kubernetes' validation ratcheting).
     *
     * @param old what the value was; empty on create, or when nothing corresponds to it
     * @param path where the value stands, empty for the object itself
     */
    void check(JsonNode value, Optional<JsonNode> old, Structural schema, String path) {
        int before = problems.size();
        judge(value, old, schema, path);
        if (problems.size() > before && Structural.unchanged(value, old)) {
            problems.forgetAfter(before);
        }
    }

    /** In the order of kube-openapi: a value of a wrong type is judged by everything that does not depend on it. */
    private void judge(JsonNode value, Optional<JsonNode> old, Structural schema, String path) {
        if (value.isNull()) {
            if (!schema.nullable() && !types(schema).isEmpty()) {
                problems.wrongType(path, String.join(",", types(schema)), "null");
            }
            enumeration(value, schema, path);
            return;
        }
        typed(value, schema, path);
        junctors(value, schema, path);
        switch (value) {
            case JsonNode text when text.isTextual() -> text(text, schema, path);
            case JsonNode number when number.isNumber() -> number(number, schema, path);
            case ArrayNode array -> array(array, old, schema, path);
            default -> {}
        }
        enumeration(value, schema, path);
        if (value instanceof ObjectNode object) {
            object(object, old, schema, path);
        }
    }

    private static List<String> types(Structural schema) {
        if (schema.isIntOrString()) {
            return List.of("integer", "string");
        }
        return schema.type().isEmpty() ? List.of() : List.of(schema.type());
    }

    private static String format(Structural schema) {
        String format = schema.node().path("format").asText("");
        return Formats.isKnown(format, schema.isIntOrString() ? "" : schema.type()) ? format : "";
    }

    private void typed(JsonNode value, Structural schema, String path) {
        List<String> types = types(schema);
        String format = format(schema);
        String found = ValueProblems.typeOf(value);
        boolean fits = types.contains(found)
                || value.isIntegralNumber() && types.contains("number")
                || value.isNumber() && types.contains("integer") && isWhole(value);
        if (fits || types.isEmpty() && format.isEmpty()) {
            return;
        }
        boolean mayHaveFormat = value.isTextual() || value.isArray();
        if (!format.isEmpty() && !mayHaveFormat) {
            // The type that Go has for the value, where it has several.
            problems.wrongType(path, format, value.isIntegralNumber() ? "int64" : value.isNumber() ? "float64" : "");
        } else if (!types.isEmpty()) {
            problems.wrongType(path, String.join(",", types), found);
        }
    }

    static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private void enumeration(JsonNode value, Structural schema, String path) {
        JsonNode allowed = schema.node().path("enum");
        if (!allowed.isEmpty() && allowed.valueStream().noneMatch(one -> sameValue(one, value))) {
            problems.unsupported(path, value, allowed);
        }
    }

    static boolean sameValue(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private void object(ObjectNode object, Optional<JsonNode> old, Structural schema, String path) {
        JsonNode node = schema.node();
        Optional<Long> least = limit(node, "minProperties", min -> object.size() < min);
        Optional<Long> most = limit(node, "maxProperties", max -> object.size() > max);
        if (least.isPresent()) {
            problems.invalid(path, least.get().toString(), "should have at least " + least.get() + " properties");
            return;
        }
        if (most.isPresent()) {
            problems.tooMany(path, object, most.get());
            return;
        }
        boolean closed =
                node.path("additionalProperties").isBoolean() && schema.values().isEmpty();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            Optional<JsonNode> before = old.flatMap(was -> Optional.ofNullable(was.get(name)));
            Optional<Structural> property = schema.property(name);
            property.or(schema::values).ifPresent(below -> check(entry.getValue(), before, below, child(path, name)));
            if (property.isEmpty() && closed) {
                problems.notAllowed(path, name);
            }
        }
        for (String name : Tree.texts(node, "required")) {
            if (!object.has(name)) {
                problems.required(child(path, name));
            }
        }
    }

    private void array(ArrayNode array, Optional<JsonNode> old, Structural schema, String path) {
        JsonNode node = schema.node();
        Map<List<JsonNode>, JsonNode> before = old.map(schema::byKeys).orElse(Map.of());
        schema.items().ifPresent(items -> {
            for (int i = 0; i < array.size(); i++) {
                JsonNode item = array.get(i);
                Optional<JsonNode> same = Optional.ofNullable(before.get(schema.keysOf(item)));
                check(item, same, items, path + "[" + i + "]");
            }
        });
        limit(node, "minItems", min -> array.size() < min)
                .ifPresent(min -> problems.invalid(
                        path, Integer.toString(array.size()), "should have at least " + min + " items"));
        limit(node, "maxItems", max -> array.size() > max).ifPresent(max -> problems.tooMany(path, array, max));
        if (node.path("uniqueItems").asBoolean() && repeats(array)) {
            problems.invalid(path, "\"\"", "shouldn't contain duplicates");
        }
    }

    private static boolean repeats(ArrayNode array) {
        Set<JsonNode> seen = new HashSet<>();
        return array.valueStream().anyMatch(item -> !seen.add(item));
    }

    private void text(JsonNode value, Structural schema, String path) {
        JsonNode node = schema.node();
        String text = value.textValue();
        int length = text.codePointCount(0, text.length());
        Optional<Long> most = limit(node, "maxLength", max -> length > max);
        Optional<Long> least = limit(node, "minLength", min -> length < min);
        String pattern = node.path("pattern").asText("");
        if (most.isPresent()) {
            problems.tooLong(path, most.get());
        } else if (least.isPresent()) {
            problems.invalid(path, value, "should be at least " + least.get() + " chars long");
        } else if (!pattern.isEmpty() && !patterns.found(pattern, text)) {
            problems.invalid(path, value, "should match '" + pattern + "'");
        }
        String format = format(schema);
        if (!format.isEmpty() && !Formats.holds(format, text)) {
            problems.wrongFormat(path, value, format);
        }
    }

    private void number(JsonNode value, Structural schema, String path) {
        JsonNode node = schema.node();
        BigDecimal number = value.decimalValue();
        JsonNode unit = node.path("multipleOf");
        boolean divides = unit.isNumber() && unit.decimalValue().signum() > 0;
        if (divides && number.remainder(unit.decimalValue()).signum() != 0) {
            problems.invalid(path, value, "should be a multiple of " + limitOf(value, unit));
        }
        bound(value, node, "minimum", "exclusiveMinimum", -1, "should be greater than ", path);
        bound(value, node, "maximum", "exclusiveMaximum", 1, "should be less than ", path);
    }

    /** @param beyond the sign of what is too far */
    private void bound(
            JsonNode value, JsonNode node, String field, String exclusive, int beyond, String words, String path) {
        JsonNode bound = node.path(field);
        if (!bound.isNumber()) {
            return;
        }
        int order = value.decimalValue().compareTo(bound.decimalValue());
        boolean strictly = node.path(exclusive).asBoolean();
        if (order == beyond || order == 0 && strictly) {
            problems.invalid(path, value, words + (strictly ? "" : "or equal to ") + limitOf(value, bound));
        }
    }

    /** A limit as Go shows it: a whole number where the value is one. */
    private static String limitOf(JsonNode value, JsonNode limit) {
        boolean whole = value.isIntegralNumber() && isWhole(limit);
        return whole ? limit.decimalValue().toBigInteger().toString() : GoSyntax.number(limit.doubleValue());
    }

    private void junctors(JsonNode value, Structural schema, String path) {
        String name = "\"" + path + "\" ";
        List<Structural> any = schema.junctor("anyOf");
        List<ValueProblems> alternatives = failures(value, any, path);
        if (!any.isEmpty() && alternatives.size() == any.size()) {
            problems.unplaced(name + "must validate at least one schema (anyOf)");
            nearest(alternatives).ifPresent(problems::addAll);
        }
        List<Structural> one = schema.junctor("oneOf");
        List<ValueProblems> others = failures(value, one, path);
        int valid = one.size() - others.size();
        if (!one.isEmpty() && valid != 1) {
            String found = valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives";
            problems.unplaced(name + "must validate one and only one schema (oneOf). " + found);
            if (valid == 0) {
                nearest(others).ifPresent(problems::addAll);
            }
        }
        List<Structural> all = schema.junctor("allOf");
        List<ValueProblems> wrong = failures(value, all, path);
        wrong.forEach(problems::addAll);
        if (!wrong.isEmpty()) {
            String none = wrong.size() == all.size() ? ". None validated" : "";
            problems.unplaced(name + "must validate all the schemas (allOf)" + none);
        }
        schema.not().ifPresent(not -> {
            if (failures(value, List.of(not), path).isEmpty()) {
                problems.unplaced(name + "must not validate the schema (not)");
            }
        });
    }

    /** What each alternative that does not hold finds wrong. */
    private List<ValueProblems> failures(JsonNode value, List<Structural> alternatives, String path) {
        List<ValueProblems> failures = new ArrayList<>();
        for (Structural alternative : alternatives) {
            ValueProblems found = new ValueProblems();
            new ValueCheck(patterns, found).check(value, Optional.empty(), alternative, path);
            if (!found.isEmpty()) {
                failures.add(found);
            }
        }
        return failures;
    }

    private static Optional<ValueProblems> nearest(List<ValueProblems> failures) {
        return failures.stream().min(Comparator.comparingInt(ValueProblems::size));
    }

    private static Optional<Long> limit(JsonNode node, String name, Predicate<Long> broken) {
        return Tree.number(node, name).filter(broken);
    }

    static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
