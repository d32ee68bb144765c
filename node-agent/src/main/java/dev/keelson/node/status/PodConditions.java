package dev.keelson.node.status;

import dev.keelson.node.pod.plan.ContainerOutlook;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The conditions that a node answers for; everybody else's are kept as they are. Pure. */
final class PodConditions {
    private static final String RESIZE_PENDING = "PodResizePending";
    private static final String RESIZE_IN_PROGRESS = "PodResizeInProgress";
    private static final String DISRUPTION = "DisruptionTarget";
    private static final Set<String> OURS = Set.of(
            "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", RESIZE_PENDING, RESIZE_IN_PROGRESS);

    private final DesiredPod pod;
    private final List<PodCondition> before;
    private final Instant now;

    PodConditions(DesiredPod pod, PodStatus before, Instant now) {
        this.pod = pod;
        this.before = before.getConditions();
        this.now = now;
    }

    List<PodCondition> conditions(PodObserved seen, boolean initialized, String phase, List<ContainerStatus> ready) {
        boolean placed = seen.sandboxReady() && !seen.podIps().isEmpty();
        List<PodCondition> conditions = new ArrayList<>();
        conditions.add(condition("PodReadyToStartContainers", placed, "", ""));
        conditions.add(initialized(seen, initialized, phase));
        PodCondition containers = containersReady(phase, ready);
        conditions.add(ready(containers, phase));
        conditions.add(containers);
        ResizeConditions resize = ResizeConditions.of(pod, seen);
        resize.pending()
                .ifPresent(note -> conditions.add(condition(RESIZE_PENDING, true, note.reason(), note.message())));
        resize.inProgress()
                .ifPresent(note -> conditions.add(condition(RESIZE_IN_PROGRESS, true, note.reason(), note.message())));
        seen.eviction()
                .ifPresent(eviction ->
                        conditions.add(condition(DISRUPTION, true, "TerminationByKubelet", eviction.message())));
        others().filter(condition -> !OURS.contains(condition.getType()))
                .filter(condition -> seen.eviction().isEmpty() || !DISRUPTION.equals(condition.getType()))
                .forEach(conditions::add);
        return conditions;
    }

    private java.util.stream.Stream<PodCondition> others() {
        return pod.object().getStatus() == null ? before.stream() : pod.object().getStatus().getConditions().stream();
    }

    private PodCondition initialized(PodObserved seen, boolean initialized, String phase) {
        if (phase.equals("Succeeded")) {
            return condition("Initialized", true, "PodCompleted", "");
        }
        return initialized
                ? condition("Initialized", true, "", "")
                : condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: "
                                + pod.initContainers().stream()
                                        .filter(c -> !ContainerOutlook.initialized(c, seen, now))
                                        .map(c -> c.name())
                                        .collect(Collectors.joining(" ", "[", "]")));
    }

    private PodCondition containersReady(String phase, List<ContainerStatus> containers) {
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return condition("ContainersReady", false, phase.equals("Failed") ? "PodFailed" : "PodCompleted", "");
        }
        List<String> unready = containers.stream()
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .map(ContainerStatus::getName)
                .toList();
        return unready.isEmpty()
                ? condition("ContainersReady", true, "", "")
                : condition(
                        "ContainersReady",
                        false,
                        "ContainersNotReady",
                        "containers with unready status: [" + String.join(" ", unready) + "]");
    }

    /** Ready is ContainersReady and every readiness gate (Kubernetes: "Pod readiness"). */
    private PodCondition ready(PodCondition containers, String phase) {
        if (!containers.getStatus().equals("True")) {
            return condition("Ready", false, containers.getReason(), text(containers.getMessage()));
        }
        String closed = pod.object().getSpec().getReadinessGates().stream()
                .flatMap(gate -> closed(gate.getConditionType()).stream())
                .collect(Collectors.joining(", "));
        return closed.isEmpty()
                ? condition("Ready", true, "", "")
                : condition("Ready", false, "ReadinessGatesNotReady", closed);
    }

    private Optional<String> closed(String gate) {
        Optional<PodCondition> found =
                others().filter(c -> c.getType().equals(gate)).findFirst();
        if (found.isEmpty()) {
            return Optional.of("corresponding condition of pod readiness gate \"%s\" does not exist.".formatted(gate));
        }
        String value = text(found.get().getStatus());
        return value.equals("True")
                ? Optional.empty()
                : Optional.of("the status of pod readiness gate \"%s\" is not \"True\", but %s".formatted(gate, value));
    }

    private PodCondition condition(String type, boolean status, String reason, String message) {
        String value = status ? "True" : "False";
        Optional<PodCondition> old =
                before.stream().filter(c -> c.getType().equals(type)).findFirst();
        String since = old.filter(c -> value.equals(c.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .orElse(Timestamps.seconds(now));
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(value)
                .withReason(reason.isEmpty() ? null : reason)
                .withMessage(message.isEmpty() ? null : message)
                .withLastTransitionTime(since)
                .build();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
