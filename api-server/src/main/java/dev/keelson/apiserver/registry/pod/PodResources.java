package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Requests and limits of a pod as a whole, {@code spec.resources}: its containers share them.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification">
 *     Pod-level resource specification</a>
 */
final class PodResources {
    private static final String HUGE_PAGES = "hugepages-";
    private static final List<String> NAMES = List.of("cpu", "memory");

    private PodResources() {}

    /** Whether the pod as a whole asks for anything; then its containers do not decide its class. */
    static boolean areSet(JsonNode spec) {
        return Tree.at(spec, "resources", "requests").size() > 0
                || Tree.at(spec, "resources", "limits").size() > 0;
    }

    static void validate(JsonNode spec, String path, Problems problems) {
        JsonNode resources = spec.path("resources");
        String at = path + ".resources";
        if (!resources.path("claims").isEmpty()) {
            problems.forbidden(at + ".claims", "claims cannot be set for Resources at pod-level");
        }
        for (String side : List.of("limits", "requests")) {
            resources.path(side).properties().forEach(entry -> {
                if (!isShared(entry.getKey())) {
                    problems.notSupported(
                            "%s.%s[%s]".formatted(at, side, entry.getKey()),
                            TextNode.valueOf(entry.getKey()),
                            List.of("cpu", "memory", HUGE_PAGES + "*"));
                }
            });
        }
        ResourceRules.validate(resources, at, problems);
        requestsHaveRoom(spec, at, problems);
        limitsHaveRoom(spec, path, problems);
    }

    private static boolean isShared(String name) {
        return NAMES.contains(name) || name.startsWith(HUGE_PAGES);
    }

    private static void requestsHaveRoom(JsonNode spec, String at, Problems problems) {
        requestedByContainers(spec).forEach((name, sum) -> {
            JsonNode written = Tree.at(spec, "resources", "requests", name);
            if (Quantity.parse(written)
                    .filter(whole -> sum.compareTo(whole) > 0)
                    .isPresent()) {
                problems.invalid(
                        "%s.requests[%s]".formatted(at, name),
                        written,
                        "must be greater than or equal to aggregate container requests of " + text(name, sum));
            }
        });
    }

    private static void limitsHaveRoom(JsonNode spec, String path, Problems problems) {
        Tree.items(spec.path("containers"), path + ".resources.containers").forEach(container -> Tree.at(
                        container.value(), "resources", "limits")
                .properties()
                .forEach(limit -> {
                    JsonNode most = Tree.at(spec, "resources", "limits", limit.getKey());
                    Optional<BigDecimal> whole = Quantity.parse(most);
                    Optional<BigDecimal> own = Quantity.parse(limit.getValue());
                    if (whole.isPresent() && own.isPresent() && own.get().compareTo(whole.get()) > 0) {
                        problems.invalid(
                                "%s[%s].limits".formatted(container.path(), limit.getKey()),
                                limit.getValue(),
                                "must be less than or equal to pod limits of " + most.asText());
                    }
                }));
    }

    /** What the pod does not request itself is what its containers request together, else what it is limited to. */
    static void applyDefaults(ObjectNode spec) {
        if (!areSet(spec)) {
            return;
        }
        ObjectNode resources = Tree.child(spec, "resources");
        ObjectNode requests = Tree.child(resources, "requests");
        requestedByContainers(spec).forEach((name, sum) -> {
            if (isShared(name) && !requests.has(name)) {
                requests.put(name, text(name, sum));
            }
        });
        resources.path("limits").properties().forEach(limit -> {
            if (isShared(limit.getKey()) && !requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        });
    }

    /** Containers and sidecars together, or the hungriest init container beside the sidecars before it. */
    private static Map<String, BigDecimal> requestedByContainers(JsonNode spec) {
        Map<String, BigDecimal> running = new TreeMap<>();
        Tree.objects(spec, "containers").forEach(container -> add(running, requests(container), BigDecimal::add));
        Map<String, BigDecimal> sidecars = new TreeMap<>();
        Map<String, BigDecimal> starting = new TreeMap<>();
        for (ObjectNode init : Tree.objects(spec, "initContainers")) {
            Map<String, BigDecimal> beside = new TreeMap<>(sidecars);
            add(beside, requests(init), BigDecimal::add);
            add(starting, beside, BigDecimal::max);
            if (Tree.text(init, "restartPolicy").equals("Always")) {
                sidecars = beside;
            }
        }
        add(running, sidecars, BigDecimal::add);
        add(running, starting, BigDecimal::max);
        return running;
    }

    private static Map<String, BigDecimal> requests(JsonNode container) {
        Map<String, BigDecimal> amounts = new TreeMap<>();
        Tree.at(container, "resources", "requests").properties().forEach(entry -> Quantity.parse(entry.getValue())
                .ifPresent(amount -> amounts.put(entry.getKey(), amount)));
        return amounts;
    }

    private static void add(
            Map<String, BigDecimal> to, Map<String, BigDecimal> more, BinaryOperator<BigDecimal> operator) {
        more.forEach((name, amount) -> to.merge(name, amount, operator));
    }

    private static String text(String name, BigDecimal amount) {
        return name.equals("cpu") ? Quantity.thousandths(amount) : Quantity.binary(amount);
    }
}
