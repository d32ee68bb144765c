package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How well a pod is protected when a node runs out of memory.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/">Pod Quality of Service Classes</a>
 */
public enum QosClass {
    GUARANTEED,
    BURSTABLE,
    BEST_EFFORT;

    private static final List<String> RESOURCES = List.of("cpu", "memory");

    public static QosClass of(PodSpec spec) {
        List<ResourceRequirements> asked = ofPodAsAWhole(spec).map(List::of).orElseGet(() -> Stream.concat(
                        spec.getInitContainers().stream(), spec.getContainers().stream())
                .map(container -> Optional.ofNullable(container.getResources()).orElseGet(ResourceRequirements::new))
                .toList());
        if (asked.stream().noneMatch(QosClass::asksForAnything)) {
            return BEST_EFFORT;
        }
        return asked.stream().allMatch(QosClass::isGuaranteed) ? GUARANTEED : BURSTABLE;
    }

    /** When the pod asks for anything as a whole, its containers no longer decide. */
    private static Optional<ResourceRequirements> ofPodAsAWhole(PodSpec spec) {
        return Optional.ofNullable(spec.getResources())
                .filter(whole -> !Amounts.requests(whole).byName().isEmpty());
    }

    private static boolean asksForAnything(ResourceRequirements container) {
        return RESOURCES.stream()
                .anyMatch(resource -> Amounts.requests(container).get(resource).isPresent());
    }

    private static boolean isGuaranteed(ResourceRequirements container) {
        return RESOURCES.stream().allMatch(resource -> Amounts.limits(container)
                .get(resource)
                .filter(limit -> Amounts.requests(container)
                        .get(resource)
                        .filter(request -> request.compareTo(limit) == 0)
                        .isPresent())
                .isPresent());
    }
}
