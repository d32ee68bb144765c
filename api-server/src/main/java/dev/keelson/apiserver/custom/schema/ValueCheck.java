package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private void judge(JsonNode value, Optional<JsonNode> old, Structural schema, String path) {
        if (value.isNull() && schema.nullable()) {
            return;
        }
        if (!typed(value, schema, path)) {
            return;
        }
        enumeration(value, schema, path);
        switch (value) {
            case ObjectNode object -> object(object, old, schema, path);
            case ArrayNode array -> array(array, old, schema, path);
            case JsonNode text when text.isTextual() -> text(text, schema, path);
            case JsonNode number when number.isNumber() -> number(number, schema, path);
            default -> {}
        }
        junctors(value, schema, path);
    }

    private boolean typed(JsonNode value, Structural schema, String path) {
        String type = schema.type();
        if (schema.isIntOrString()) {
            return problems.type(value.isTextual() || isWhole(value), path, "integer,string", value);
        }
        return switch (type) {
            case "object" -> problems.type(value.isObject(), path, type, value);
            case "array" -> problems.type(value.isArray(), path, type, value);
            case "string" -> problems.type(value.isTextual(), path, type, value);
            case "boolean" -> problems.type(value.isBoolean(), path, type, value);
            case "number" -> problems.type(value.isNumber(), path, type, value);
            case "integer" -> problems.type(isWhole(value), path, type, value);
            default -> true;
        };
    }

    static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private void enumeration(JsonNode value, Structural schema, String path) {
        JsonNode allowed = schema.node().path("enum");
        if (allowed.isArray() && allowed.valueStream().noneMatch(one -> sameValue(one, value))) {
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
        for (String name : Tree.texts(node, "required")) {
            if (!object.has(name)) {
                problems.required(child(path, name));
            }
        }
        limit(node, "maxProperties", max -> object.size() > max).ifPresent(max -> problems.tooMany(path, object, max));
        limit(node, "minProperties", min -> object.size() < min)
                .ifPresent(min -> problems.invalid(path, object, "should have at least " + min + " properties"));
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Optional<JsonNode> before = old.flatMap(was -> Optional.ofNullable(was.get(entry.getKey())));
            schema.property(entry.getKey())
                    .or(schema::values)
                    .ifPresent(below -> check(entry.getValue(), before, below, child(path, entry.getKey())));
        }
    }

    private void array(ArrayNode array, Optional<JsonNode> old, Structural schema, String path) {
        JsonNode node = schema.node();
        limit(node, "maxItems", max -> array.size() > max).ifPresent(max -> problems.tooMany(path, array, max));
        limit(node, "minItems", min -> array.size() < min)
                .ifPresent(min -> problems.invalid(path, array, "should have at least " + min + " items"));
        if (node.path("uniqueItems").asBoolean() && repeats(array)) {
            problems.invalid(path, array, "shouldn't contain duplicates");
        }
        Map<List<JsonNode>, JsonNode> before = old.map(schema::byKeys).orElse(Map.of());
        schema.items().ifPresent(items -> {
            for (int i = 0; i < array.size(); i++) {
                JsonNode item = array.get(i);
                Optional<JsonNode> same = Optional.ofNullable(before.get(schema.keysOf(item)));
                check(item, same, items, path + "[" + i + "]");
            }
        });
    }

    private static boolean repeats(ArrayNode array) {
        Set<JsonNode> seen = new HashSet<>();
        return array.valueStream().anyMatch(item -> !seen.add(item));
    }

    private void text(JsonNode value, Structural schema, String path) {
        JsonNode node = schema.node();
        String text = value.textValue();
        int length = text.codePointCount(0, text.length());
        limit(node, "maxLength", max -> length > max).ifPresent(max -> problems.tooLong(path, max));
        limit(node, "minLength", min -> length < min)
                .ifPresent(min -> problems.invalid(path, value, "should be at least " + min + " chars long"));
        String pattern = node.path("pattern").asText("");
        if (!pattern.isEmpty() && !patterns.found(pattern, text)) {
            problems.invalid(path, value, "should match '" + pattern + "'");
        }
        String format = node.path("format").asText("");
        if (!format.isEmpty() && !Formats.holds(format, text)) {
            problems.wrongFormat(path, value, format);
        }
    }

    private void number(JsonNode value, Structural schema, String path) {
        JsonNode node = schema.node();
        BigDecimal number = value.decimalValue();
        if (node.path("maximum").isNumber()) {
            int order = number.compareTo(node.path("maximum").decimalValue());
            boolean exclusive = node.path("exclusiveMaximum").asBoolean();
            if (order > 0 || order == 0 && exclusive) {
                String words = exclusive ? "should be less than " : "should be less than or equal to ";
                problems.invalid(path, value, words + plain(node.path("maximum")));
            }
        }
        if (node.path("minimum").isNumber()) {
            int order = number.compareTo(node.path("minimum").decimalValue());
            boolean exclusive = node.path("exclusiveMinimum").asBoolean();
            if (order < 0 || order == 0 && exclusive) {
                String words = exclusive ? "should be greater than " : "should be greater than or equal to ";
                problems.invalid(path, value, words + plain(node.path("minimum")));
            }
        }
        JsonNode unit = node.path("multipleOf");
        if (unit.isNumber() && unit.decimalValue().signum() > 0) {
            boolean multiple = number.remainder(unit.decimalValue()).signum() == 0;
            if (!multiple) {
                problems.invalid(path, value, "should be a multiple of " + plain(unit));
            }
        }
        if (node.path("format").asText("").equals("int32") && isWhole(value) && !fitsInt(number)) {
            problems.invalid(path, value, "must be a 32 bit integer");
        }
    }

    private static boolean fitsInt(BigDecimal number) {
        return number.compareTo(BigDecimal.valueOf(Integer.MIN_VALUE)) >= 0
                && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
    }

    private static String plain(JsonNode number) {
        return number.decimalValue().stripTrailingZeros().toPlainString();
    }

    private void junctors(JsonNode value, Structural schema, String path) {
        String name = "\"" + path + "\" ";
        List<Structural> all = schema.junctor("allOf");
        List<ValueProblems> wrong = failures(value, all, path);
        wrong.forEach(problems::addAll);
        if (!wrong.isEmpty()) {
            problems.unplaced(name + "must validate all the schemas (allOf)");
        }
        List<Structural> any = schema.junctor("anyOf");
        List<ValueProblems> none = failures(value, any, path);
        if (!any.isEmpty() && none.size() == any.size()) {
            problems.unplaced(name + "must validate at least one schema (anyOf)");
            nearest(none).ifPresent(problems::addAll);
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
