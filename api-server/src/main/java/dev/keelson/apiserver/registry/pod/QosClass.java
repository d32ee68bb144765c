package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How well a pod is protected when memory runs out, from its requests and limits: those of the pod as a whole if it has any, else
 * those of its containers.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/">Pod Quality of Service Classes</a>
 */
final class QosClass {
    private static final List<String> RESOURCES = List.of("cpu", "memory");

    private QosClass() {}

    static String of(ObjectNode spec) {
        List<ObjectNode> containers = PodResources.areSet(spec)
                ? List.of(spec)
                : Stream.concat(
                                Tree.objects(spec, "initContainers").stream(),
                                Tree.objects(spec, "containers").stream())
                        .toList();
        if (containers.stream().noneMatch(QosClass::asksForAnything)) {
            return "BestEffort";
        }
        return containers.stream().allMatch(QosClass::isGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean asksForAnything(ObjectNode container) {
        return RESOURCES.stream()
                .anyMatch(resource -> amount(container, "requests", resource).isPresent()
                        || amount(container, "limits", resource).isPresent());
    }

    private static boolean isGuaranteed(ObjectNode container) {
        return RESOURCES.stream().allMatch(resource -> {
            Optional<BigDecimal> limit = amount(container, "limits", resource);
            Optional<BigDecimal> request =
                    amount(container, "requests", resource).or(() -> limit);
            return limit.isPresent() && limit.get().compareTo(request.orElseThrow()) == 0;
        });
    }

    private static Optional<BigDecimal> amount(ObjectNode container, String kind, String resource) {
        return Quantity.parse(Tree.at(container, "resources", kind, resource)).filter(amount -> amount.signum() > 0);
    }
}
