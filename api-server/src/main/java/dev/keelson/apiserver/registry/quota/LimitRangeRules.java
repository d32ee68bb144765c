package dev.keelson.apiserver.registry.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.QuantityRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a valid LimitRange is, and how its bounds complete each other. */
final class LimitRangeRules {
    private static final List<String> TYPES = List.of("Pod", "Container", "PersistentVolumeClaim");
    private static final List<String> CONTAINERS = List.of("Pod", "Container");
    private static final List<String> FIELDS =
            List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

    private static final List<Order> ORDERS = List.of(
            new Order("min", "max", "min", "min"),
            new Order("min", "defaultRequest", "defaultRequest", "defaultRequest"),
            new Order("defaultRequest", "max", "defaultRequest", "defaultRequest"),
            new Order("defaultRequest", "default", "defaultRequest", "defaultRequest"),
            new Order("min", "default", "default", "min"),
            new Order("default", "max", "default", "max"));

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
            String type = Tree.text(item.value(), "type");
            type(type, item.path() + ".type", problems);
            if (!types.add(type)) {
                problems.duplicate(item.path() + ".type", item.value().path("type"));
            }
            limit(item, problems);
        });
    }

    private static void type(String type, String path, Problems problems) {
        List<String> wrong = LabelNames.keyProblems(type);
        wrong.forEach(words -> problems.invalid(path, type, words));
        if (wrong.isEmpty() && !type.contains("/") && !TYPES.contains(type)) {
            problems.invalid(path, type, "must be a standard limit type or fully qualified");
        }
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
        boolean forContainers = CONTAINERS.contains(Tree.text(limit, "type"));
        for (String field : FIELDS) {
            limit.path(field).fieldNames().forEachRemaining(name -> {
                names.add(name);
                String path = "%s.%s[%s]".formatted(item.path(), field, name);
                if (forContainers) {
                    QuantityRules.containerName(name, path, problems);
                } else {
                    QuantityRules.name(name, path, problems);
                }
            });
        }
        for (String name : names) {
            ORDERS.forEach(order -> notAbove(item, name, order, problems));
            ratio(item, name, problems);
            sameWhereNothingIsShared(item, name, problems);
        }
    }

    private static void notAbove(Tree.Item item, String name, Order order, Problems problems) {
        JsonNode low = item.value().path(order.low()).path(name);
        JsonNode high = item.value().path(order.high()).path(name);
        Optional<BigDecimal> small = Quantity.parse(low);
        Optional<BigDecimal> large = Quantity.parse(high);
        if (small.isPresent() && large.isPresent() && small.get().compareTo(large.get()) > 0) {
            problems.invalidShown(
                    "%s.%s[%s]".formatted(item.path(), order.at(), name),
                    GoSyntax.quantity(item.value().path(order.shown()).path(name)),
                    "%s value %s is greater than %s value %s"
                            .formatted(order.lowWords(), low.asText(), order.highWords(), high.asText()));
        }
    }

    /**
     * What is not above what.
     *
     * @param at the one of the two where Kubernetes says so
     * @param shown the one of the two whose value it shows
     */
    private record Order(String low, String high, String at, String shown) {
        String lowWords() {
            return low.equals("defaultRequest") ? "default request" : low;
        }

        String highWords() {
            return switch (high) {
                case "defaultRequest" -> "default request";
                case "default" -> low.equals("defaultRequest") ? "default limit" : high;
                default -> high;
            };
        }
    }

    private static void ratio(Tree.Item item, String name, Problems problems) {
        JsonNode ratio = item.value().path("maxLimitRequestRatio").path(name);
        String path = "%s.maxLimitRequestRatio[%s]".formatted(item.path(), name);
        BigDecimal most = Quantity.parse(ratio).orElse(null);
        if (most == null) {
            return;
        }
        if (most.compareTo(BigDecimal.ONE) < 0) {
            problems.invalidShown(path, GoSyntax.quantity(ratio), "ratio " + ratio.asText() + " is less than 1");
        }
        Optional<BigDecimal> low =
                Quantity.parse(item.value().path("min").path(name)).filter(amount -> amount.signum() > 0);
        Optional<BigDecimal> high = Quantity.parse(item.value().path("max").path(name));
        if (low.isPresent() && high.isPresent()) {
            double bound = high.get().doubleValue() / low.get().doubleValue();
            if (most.doubleValue() > bound) {
                problems.invalidShown(
                        path,
                        GoSyntax.quantity(ratio),
                        String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio.asText(), bound));
            }
        }
    }

    /** What cannot be shared is limited to what is requested. */
    private static void sameWhereNothingIsShared(Tree.Item item, String name, Problems problems) {
        JsonNode limit = item.value().path("default").path(name);
        JsonNode request = item.value().path("defaultRequest").path(name);
        Optional<BigDecimal> most = Quantity.parse(limit);
        Optional<BigDecimal> wanted = Quantity.parse(request);
        if (!QuantityRules.isShared(name)
                && most.isPresent()
                && wanted.isPresent()
                && most.get().compareTo(wanted.get()) != 0) {
            problems.invalidShown(
                    "%s.defaultRequest[%s]".formatted(item.path(), name),
                    GoSyntax.quantity(request),
                    "default value %s must equal to defaultRequest value %s in %s"
                            .formatted(limit.asText(), request.asText(), name));
        }
    }
}
