package dev.keelson.controllers.disruption;

import static java.util.stream.Collectors.toMap;

import dev.keelson.controllers.objects.Times;
import dev.keelson.crds.model.Selectors;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A PodDisruptionBudget of {@code policy/v1}, read from its tree.
 *
 * @param selects whether a pod with such labels is one of its pods; without a selector none is, with an empty one all are
 * @param disrupted {@code status.disruptedPods}
 */
record Budget(Predicate<Map<String, String>> selects, Wanted wanted, Map<String, Instant> disrupted) {

    static Budget of(GenericKubernetesResource object) {
        return new Budget(selector(object), wanted(object), disrupted(object));
    }

    static Predicate<Map<String, String>> selector(GenericKubernetesResource object) {
        return object.get("spec", "selector") instanceof Map<?, ?> tree
                ? Selectors.of(selector(tree))
                : labels -> false;
    }

    private static LabelSelector selector(Map<?, ?> tree) {
        return new LabelSelectorBuilder()
                .withMatchLabels(texts(tree.get("matchLabels")))
                .withMatchExpressions(trees(tree.get("matchExpressions"))
                        .map(one -> new LabelSelectorRequirement(
                                text(one.get("key")), text(one.get("operator")), list(one.get("values"))))
                        .toList())
                .build();
    }

    private static Wanted wanted(GenericKubernetesResource object) {
        Object most = object.get("spec", "maxUnavailable");
        Object least = object.get("spec", "minAvailable");
        if (most != null) {
            return new Wanted.MaxUnavailable(new IntOrString(most));
        }
        return least == null ? new Wanted.Nothing() : new Wanted.MinAvailable(new IntOrString(least));
    }

    private static Map<String, Instant> disrupted(GenericKubernetesResource object) {
        return texts(object.get("status", "disruptedPods")).entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey, pod -> Times.parse(pod.getValue()).orElse(Instant.EPOCH)));
    }

    private static Map<String, String> texts(Object value) {
        return value instanceof Map<?, ?> map
                ? map.entrySet().stream().collect(toMap(one -> text(one.getKey()), one -> text(one.getValue())))
                : Map.of();
    }

    private static Stream<Map<?, ?>> trees(Object value) {
        return value instanceof List<?> list
                ? list.stream().<Map<?, ?>>mapMulti((one, out) -> {
                    if (one instanceof Map<?, ?> map) {
                        out.accept(map);
                    }
                })
                : Stream.empty();
    }

    private static List<String> list(Object value) {
        return value instanceof List<?> list ? list.stream().map(Budget::text).toList() : List.of();
    }

    private static String text(Object value) {
        return Objects.toString(value, "");
    }
}
