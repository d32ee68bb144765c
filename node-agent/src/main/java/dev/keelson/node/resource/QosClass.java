package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
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
        List<Container> containers = Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .toList();
        if (containers.stream().noneMatch(QosClass::asksForAnything)) {
            return BEST_EFFORT;
        }
        return containers.stream().allMatch(QosClass::isGuaranteed) ? GUARANTEED : BURSTABLE;
    }

    private static boolean asksForAnything(Container container) {
        return RESOURCES.stream()
                .anyMatch(resource -> Amounts.requests(container).get(resource).isPresent());
    }

    private static boolean isGuaranteed(Container container) {
        return RESOURCES.stream().allMatch(resource -> Amounts.limits(container)
                .get(resource)
                .filter(limit -> Amounts.requests(container)
                        .get(resource)
                        .filter(request -> request.compareTo(limit) == 0)
                        .isPresent())
                .isPresent());
    }
}
