package dev.keelson.apiserver.registry.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a valid LimitRange is, and how its bounds complete each other. */
final class LimitRangeRules {
    private LimitRangeRules() {}

    /** For containers, a maximum is also the default limit, and a limit or else a minimum the default request. */
    static void complete(ObjectNode range) {
        for (ObjectNode limit : Tree.objects(range, "spec", "limits")) {
            if (Tree.text(limit, "type").equals("Container")) {
                fill(limit, "default", "max");
                fill(limit, "defaultRequest", "default");
                fill(limit, "defaultRequest", "min");
            }
        }
    }

    private static void fill(ObjectNode limit, String target, String source) {
        Tree.object(limit, source).filter(values -> !values.isEmpty()).ifPresent(values -> {
            ObjectNode into = Tree.child(limit, target);
            values.properties().forEach(value -> {
                if (!into.has(value.getKey())) {
                    into.set(value.getKey(), value.getValue());
                }
            });
        });
    }

    static void validate(ObjectNode range, Problems problems) {
        Set<String> types = new HashSet<>();
        Tree.items(Tree.at(range, "spec", "limits"), "spec.limits").forEach(item -> {
            JsonNode limit = item.value();
            if (!types.add(Tree.text(limit, "type"))) {
                problems.duplicate(item.path() + ".type", limit.path("type"));
            }
            limit(item, problems);
        });
    }

    private static void limit(Tree.Item item, Problems problems) {
        JsonNode limit = item.value();
        if (Tree.text(limit, "type").equals("Pod")) {
            for (String field : List.of("default", "defaultRequest")) {
                if (!limit.path(field).isEmpty()) {
                    problems.forbidden(item.path() + "." + field, "may not be specified when `type` is 'Pod'");
                }
            }
        }
        if (Tree.text(limit, "type").equals("PersistentVolumeClaim")
                && !limit.path("min").has("storage")
                && !limit.path("max").has("storage")) {
            problems.required(
                    item.path() + ".limits",
                    "either minimum or maximum storage value is required, but neither was provided");
        }
        Set<String> names = new TreeSet<>();
        for (String field : List.of("min", "max", "default", "defaultRequest", "maxLimitRequestRatio")) {
            limit.path(field).fieldNames().forEachRemaining(names::add);
        }
        for (String name : names) {
            notAbove(item, name, "min", "max", problems);
            notAbove(item, name, "min", "default", problems);
            notAbove(item, name, "default", "max", problems);
            notAbove(item, name, "min", "defaultRequest", problems);
            notAbove(item, name, "defaultRequest", "max", problems);
            notAbove(item, name, "defaultRequest", "default", problems);
            JsonNode ratio = limit.path("maxLimitRequestRatio").path(name);
            Quantity.parse(ratio)
                    .filter(value -> value.compareTo(BigDecimal.ONE) < 0)
                    .ifPresent(value -> problems.invalid(
                            item.path() + ".maxLimitRequestRatio[" + name + "]",
                            ratio,
                            "ratio " + ratio.asText() + " is less than 1"));
        }
    }

    private static void notAbove(Tree.Item item, String name, String low, String high, Problems problems) {
        JsonNode lower = item.value().path(low).path(name);
        JsonNode upper = item.value().path(high).path(name);
        Optional<BigDecimal> small = Quantity.parse(lower);
        Optional<BigDecimal> large = Quantity.parse(upper);
        if (small.isPresent() && large.isPresent() && small.get().compareTo(large.get()) > 0) {
            problems.invalid(
                    item.path() + "." + low + "[" + name + "]",
                    lower,
                    "%s value %s is greater than %s value %s"
                            .formatted(words(low), lower.asText(), words(high), upper.asText()));
        }
    }

    private static String words(String field) {
        return field.equals("defaultRequest") ? "default request" : field;
    }
}
