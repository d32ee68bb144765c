package dev.keelson.controllers.objects;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Readings of a pod that several controllers share, with absent fields spelled out. */
public final class Pods {
    private Pods() {}

    public static String phase(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPhase() == null
                ? "Pending"
                : pod.getStatus().getPhase();
    }

    /** Whether the pod has ended for good: its containers will never run again. */
    public static boolean ended(Pod pod) {
        return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
    }

    public static boolean terminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether the pod counts as one of its owner's replicas. */
    public static boolean active(Pod pod) {
        return !ended(pod) && !terminating(pod);
    }

    public static boolean ready(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .isPresent();
    }

    /** Since when the pod has been ready without a break; empty while it is not. */
    public static Optional<Instant> readySince(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .flatMap(ready -> Times.parse(ready.getLastTransitionTime()));
    }

    /** Whether the pod has been ready for at least {@code minReady}. */
    public static boolean available(Pod pod, Duration minReady, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        return minReady.isZero()
                || readySince(pod)
                        .filter(since -> !since.plus(minReady).isAfter(now))
                        .isPresent();
    }

    public static Optional<PodCondition> condition(Pod pod, String type) {
        if (pod.getStatus() == null || pod.getStatus().getConditions() == null) {
            return Optional.empty();
        }
        return pod.getStatus().getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    /** The node that the pod is bound to; empty while it waits for one. */
    public static String node(Pod pod) {
        return pod.getSpec() == null
                ? ""
                : Objects.requireNonNullElse(pod.getSpec().getNodeName(), "");
    }

    public static Map<String, String> labels(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    }

    /** The restarts of all containers together. */
    public static int restarts(Pod pod) {
        List<ContainerStatus> containers =
                pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
        return containers.stream()
                .mapToInt(status -> Objects.requireNonNullElse(status.getRestartCount(), 0))
                .sum();
    }
}
