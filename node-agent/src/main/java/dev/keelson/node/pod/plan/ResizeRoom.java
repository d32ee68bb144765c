package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.resource.PodTotals;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a node has room for what a pod's spec asks for now. */
public sealed interface ResizeRoom {
    /** Room may come when another pod ends; nobody tells. */
    Duration RECHECK = Duration.ofSeconds(10);

    record Fits() implements ResizeRoom {}

    /** It would fit, were it not for other pods. */
    record Deferred(String message) implements ResizeRoom {}

    /** The node is too small. */
    record Infeasible(String message) implements ResizeRoom {}

    /**
     * @param pods all pods of the node, the one that is asked for among them
     * @param allocatable what the node offers to pods
     */
    static ResizeRoom of(DesiredPod pod, List<DesiredPod> pods, Map<String, Quantity> allocatable) {
        for (String resource : Resize.RESIZABLE) {
            Optional<BigDecimal> capacity =
                    Optional.ofNullable(allocatable.get(resource)).map(Quantity::getNumericalAmount);
            BigDecimal asked = requests(pod, resource);
            if (capacity.isEmpty()) {
                continue;
            }
            if (asked.compareTo(capacity.get()) > 0) {
                return new Infeasible(text(
                        "Node didn't have enough capacity: %s, requested: %s, capacity: %s",
                        resource, asked, capacity.get()));
            }
            BigDecimal used = pods.stream()
                    .filter(other -> !other.uid().equals(pod.uid()) && !other.finished())
                    .map(other -> requests(other, resource))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            if (used.add(asked).compareTo(capacity.get()) > 0) {
                return new Deferred(text(
                        "Node didn't have enough resource: %s, requested: %s, used: %s, capacity: %s",
                        resource, asked, used, capacity.get()));
            }
        }
        return new Fits();
    }

    private static String text(String form, String resource, BigDecimal... amounts) {
        Object[] words = new Object[amounts.length + 1];
        words[0] = resource;
        for (int i = 0; i < amounts.length; i++) {
            words[i + 1] = amounts[i].stripTrailingZeros().toPlainString();
        }
        return form.formatted(words);
    }

    private static BigDecimal requests(DesiredPod pod, String resource) {
        return PodTotals.of(pod.object().getSpec()).requests().get(resource).orElse(BigDecimal.ZERO);
    }
}
