package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.plan.PodActions.Builder;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides the next steps of one pod from what is wanted and what is true. Pure: equal inputs give equal plans, and a
 * plan that was carried out half-way is simply planned again from what it left behind.
 *
 * <p>Order of a start: sandbox, network, volumes, init containers one by one, main containers (Kubernetes: "Pod
 * Lifecycle" and "Init Containers").
 */
public final class PodPlanner {

    private PodPlanner() {}

    public static PodActions plan(DesiredPod pod, PodObserved seen, Instant now) {
        return switch (pod.lifecycle()) {
            case Lifecycle.Gone gone -> EndPlanner.remove(pod, seen, gone, now);
            case Lifecycle.Terminating terminating -> EndPlanner.terminate(pod, seen, terminating, now);
            case Lifecycle.Wanted _ -> wanted(pod, seen, now);
        };
    }

    private static PodActions wanted(DesiredPod pod, PodObserved seen, Instant now) {
        if (pod.finished() || PodOutcome.of(pod, seen, now).isFinal()) {
            return EndPlanner.windDown(pod, seen, now);
        }
        Builder plan = new Builder();
        pod.activeDeadline().ifPresent(plan::wake);
        if (!foundation(pod, seen, now, plan)) {
            return plan.build();
        }
        // A volume that cannot be brought up to date holds up new containers, not the care of running ones.
        boolean mounted = volumes(pod, seen, now, plan);
        if (seen.sandboxReady()) {
            resize(pod, seen, now, plan);
        }
        ContainersPlanner.plan(pod, seen, mounted, now, plan);
        return plan.build();
    }

    /** Answers whether volumes are there or planned here. */
    private static boolean volumes(DesiredPod pod, PodObserved seen, Instant now, Builder plan) {
        if (seen.sandboxReady() && seen.volumesReady()) {
            return true;
        }
        // Every image is looked at, so that they are all fetched at once.
        List<DesiredImage> awaited = pod.volumeImages()
                .filter(image -> !ImagePlanner.ready(image, seen, now, plan))
                .toList();
        return awaited.isEmpty() && step(true, new PodAction.MountVolumes(), Stage.VOLUMES, seen, now, plan);
    }

    private static void resize(DesiredPod pod, PodObserved seen, Instant now, Builder plan) {
        if (Resize.ofPod(pod, seen.applied(pod.uid())) instanceof Resize.None) {
            return;
        }
        if (!(seen.room() instanceof ResizeRoom.Fits)) {
            plan.wake(now.plus(ResizeRoom.RECHECK));
        } else if (!waits(Stage.RESIZE, "", seen, now, plan)) {
            plan.add(new PodAction.ResizePod());
        }
    }

    /** Plans sandbox and network; false when containers must wait for something that is not planned here. */
    private static boolean foundation(DesiredPod pod, PodObserved seen, Instant now, Builder plan) {
        boolean fresh = !seen.sandboxReady();
        if (fresh && seen.sandbox().isPresent()) {
            // Its namespaces died with the host or the supervisor, and the interface with them. The record of the
            // attachment goes first: were it left behind, a new sandbox would be answered the dead interface's address.
            if (!pod.hostNetwork()) {
                plan.add(new PodAction.DetachNetwork());
            }
            plan.add(new PodAction.RemoveSandbox("sandbox is not ready"));
            return false;
        }
        if (!seen.networkUp() && !pod.hostNetwork()) {
            return false;
        }
        return step(fresh, new PodAction.RunSandbox(), Stage.SANDBOX, seen, now, plan)
                && step(
                        // The host's namespace is not ours to put an interface into.
                        !pod.hostNetwork() && (fresh || seen.podIps().isEmpty()),
                        new PodAction.AttachNetwork(),
                        Stage.NETWORK,
                        seen,
                        now,
                        plan);
    }

    private static boolean step(
            boolean needed, PodAction action, Stage stage, PodObserved seen, Instant now, Builder plan) {
        if (!needed) {
            return true;
        }
        if (waits(stage, "", seen, now, plan)) {
            return false;
        }
        plan.add(action);
        return true;
    }

    /** Whether a stage that failed is not to be tried again yet; then the plan wakes when it is. */
    static boolean waits(Stage stage, String container, PodObserved seen, Instant now, Builder plan) {
        Optional<Failure> failure = seen.failure(stage, container);
        if (failure.isEmpty() || !now.isBefore(failure.get().retryAt())) {
            return false;
        }
        plan.wake(failure.get().retryAt());
        return true;
    }
}
