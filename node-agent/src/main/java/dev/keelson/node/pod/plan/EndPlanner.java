package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.plan.PodActions.Builder;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredContainer.Role;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.runtime.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Plans how a pod ends: main containers first, then sidecars in reverse order, then sandbox, address and volumes
 * (Kubernetes: "Termination of Pods").
 */
public final class EndPlanner {
    /** The least time that a container with a grace period gets, also when clocks disagree. */
    public static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(10);
    private static final int GRACE_SHARE_OF_DRAIN = 3;
    /** A stop that is under way is made stricter only when the new deadline is earlier by more than this. */
    private static final Duration DEADLINE_NOISE = Duration.ofSeconds(1);

    private EndPlanner() {}

    static PodActions terminate(DesiredPod pod, PodObserved seen, Lifecycle.Terminating asked, Instant now) {
        Builder plan = new Builder();
        if (drains(pod, seen, asked, plan)) {
            return plan.build();
        }
        if (stopContainers(pod, seen, asked.remaining(now, LEAST_GRACE), "Stopping container %s", true, now, plan)
                || release(seen, now, plan)) {
            return plan.build();
        }
        if (!seen.deletedFromApi() && !PodPlanner.waits(Stage.DELETE, "", seen, now, plan)) {
            plan.add(new PodAction.DeleteFromApi());
        }
        return plan.build();
    }

    static PodActions remove(DesiredPod pod, PodObserved seen, Lifecycle.Gone gone, Instant now) {
        Builder plan = new Builder();
        if (stopContainers(
                        pod, seen, gone.grace(), "Stopping container %s: the pod was deleted", gone.hooks(), now, plan)
                || release(seen, now, plan)
                || PodPlanner.waits(Stage.CLEANUP, "", seen, now, plan)) {
            return plan.build();
        }
        if (seen.sandbox().isPresent()) {
            plan.add(new PodAction.RemoveSandbox("the pod was deleted"));
        }
        return plan.add(new PodAction.Forget()).build();
    }

    /** A pod that has come to its end gives everything back but its records and logs. */
    static PodActions windDown(DesiredPod pod, PodObserved seen, Instant now) {
        Builder plan = new Builder();
        Duration grace = seen.eviction().map(Eviction::grace).orElse(pod.grace());
        if (!stopContainers(pod, seen, grace, "Stopping container %s: the pod has ended", true, now, plan)) {
            release(seen, now, plan);
        }
        return plan.build();
    }

    /**
     * A process that exits at once on its stop signal would refuse connections that services still send to it, so its
     * traffic goes elsewhere first (docs/decisions/0080). True while that has to be waited for.
     */
    private static boolean drains(DesiredPod pod, PodObserved seen, Lifecycle.Terminating asked, Builder plan) {
        Duration grace = Duration.between(asked.since(), asked.deadline());
        boolean serving = !pod.hostNetwork()
                && !seen.podIps().isEmpty()
                && !seen.running().isEmpty();
        if (!serving || grace.isZero() || !seen.stopping().isEmpty()) {
            return false;
        }
        if (seen.drain() == PodObserved.Drain.NOT_BEGUN) {
            Duration share = grace.dividedBy(GRACE_SHARE_OF_DRAIN);
            plan.add(new PodAction.Drain(share.compareTo(LONGEST_DRAIN) < 0 ? share : LONGEST_DRAIN));
        }
        return seen.drain() != PodObserved.Drain.DONE;
    }

    /** Plans stops for what runs; true while anything runs. */
    private static boolean stopContainers(
            DesiredPod pod, PodObserved seen, Duration grace, String why, boolean hook, Instant now, Builder plan) {
        List<ContainerStatus> next = nextToStop(pod, seen);
        for (ContainerStatus run : next) {
            Instant killAt = now.plus(grace);
            Instant under = seen.stopping().get(run.id());
            boolean stricter = under != null && killAt.plus(DEADLINE_NOISE).isBefore(under);
            boolean gated = PodPlanner.waits(Stage.STOP, run.name(), seen, now, plan);
            if ((under == null || stricter) && !gated) {
                plan.add(new PodAction.StopContainer(
                        run.id(), run.name(), grace, why.formatted(run.name()), hook && under == null));
            }
        }
        return !next.isEmpty();
    }

    /** Everything that runs but sidecars; when only sidecars run, the last one that was started. */
    private static List<ContainerStatus> nextToStop(DesiredPod pod, PodObserved seen) {
        List<ContainerStatus> running = seen.running();
        List<ContainerStatus> mains = running.stream()
                .filter(run ->
                        pod.container(run.name()).map(DesiredContainer::role).orElse(Role.MAIN) != Role.SIDECAR)
                .toList();
        if (!mains.isEmpty()) {
            return mains;
        }
        List<String> order = pod.sidecars().map(DesiredContainer::name).toList();
        return order.reversed().stream()
                .flatMap(name -> running.stream().filter(run -> run.name().equals(name)))
                .limit(1)
                .toList();
    }

    /** Plans giving back sandbox, address and volumes; true when that was planned or has to wait. */
    private static boolean release(PodObserved seen, Instant now, Builder plan) {
        if (PodPlanner.waits(Stage.CLEANUP, "", seen, now, plan)) {
            return true;
        }
        if (seen.sandboxReady()) {
            plan.add(new PodAction.StopSandbox());
        }
        // Only after the sandbox: a pod that is given the address next would receive the old one's packets.
        if (seen.holdsNetwork()) {
            plan.add(new PodAction.DetachNetwork());
        }
        if (seen.holdsVolumes()) {
            plan.add(new PodAction.UnmountVolumes());
        }
        return !plan.isEmpty();
    }
}
