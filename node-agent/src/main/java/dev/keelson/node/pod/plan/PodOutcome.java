package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether a pod has reached its end, and which: a function of its containers alone. */
public sealed interface PodOutcome {

    Failed DEADLINE_EXCEEDED =
            new Failed("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");

    /** Something of it runs, will run, or has yet to start. */
    record Open() implements PodOutcome {}

    record Succeeded() implements PodOutcome {}

    /** @param reason empty when containers failed by themselves, else such as {@code DeadlineExceeded} */
    record Failed(String reason, String message) implements PodOutcome {}

    /** This node does not take the pod; nothing of it was ever made. */
    record Refused(String reason, String message) implements PodOutcome {}

    default boolean isFinal() {
        return !(this instanceof Open);
    }

    static PodOutcome of(DesiredPod pod, PodObserved seen, Instant now) {
        if (seen.refusal().isPresent()) {
            PodAdmission.Refusal refusal = seen.refusal().get();
            return new Refused(refusal.reason(), refusal.message());
        }
        if (seen.eviction().isPresent()) {
            return new Failed("Evicted", seen.eviction().get().message());
        }
        if (pod.deadlineExceeded(now)) {
            return DEADLINE_EXCEEDED;
        }
        if (pod.initContainers().stream().anyMatch(container -> exited(container, seen, now, code -> code != 0))) {
            return new Failed("", "");
        }
        if (!pod.containers().stream().allMatch(container -> exited(container, seen, now, _ -> true))) {
            return new Open();
        }
        boolean failed = pod.containers().stream().anyMatch(c -> exited(c, seen, now, code -> code != 0));
        return failed ? new Failed("", "") : new Succeeded();
    }

    private static boolean exited(DesiredContainer container, PodObserved seen, Instant now, Predicate<Integer> code) {
        return exitCode(container, seen, now).filter(code).isPresent();
    }

    private static Optional<Integer> exitCode(DesiredContainer container, PodObserved seen, Instant now) {
        return ContainerOutlook.of(container, seen, now) instanceof ContainerOutlook.Done(int code)
                ? Optional.of(code)
                : Optional.empty();
    }
}
