package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.plan.PodAction;
import dev.keelson.node.pod.plan.PodActions;
import dev.keelson.node.pod.plan.PodAdmission;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.PodOutcome;
import dev.keelson.node.pod.plan.PodPlanner;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.probe.ProbeTarget;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings one pod to where it should be, as far as that is possible without waiting: observe, plan, execute, until
 * there is nothing to do; then report. Not thread-safe: one caller at a time.
 */
public final class PodSync {
    /** Plans that never settle are a defect; the pod is then looked at again later instead of spinning. */
    private static final int MOST_ROUNDS = 64;

    private final PodHost host;
    private final PodMemory memory = new PodMemory();
    private final PodObserver observer;
    private final PodExecutor executor;
    private final ImageNews images;
    private final BackOffNews backOffs;
    private boolean refusalTold;
    private boolean deadlineTold;

    /** @param wake called, from any thread, when work in the background has ended */
    public PodSync(PodHost host, Runnable wake) {
        this.host = host;
        this.observer = new PodObserver(host, memory);
        this.images = new ImageNews(host.events());
        this.executor = new PodExecutor(host, memory, images, wake);
        this.backOffs = new BackOffNews(host.events());
    }

    /** From now on the pod is to end, whatever its own policy says. Any thread may call. */
    public void evict(Eviction reason) {
        memory.evict(reason);
    }

    /**
     * @param wakeAt when to call again although nothing has happened
     * @param forgotten nothing of the pod is left; no further call is needed
     */
    public record Result(Optional<Instant> wakeAt, boolean forgotten) {}

    public Result sync(DesiredPod pod) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Instant now = host.clock().instant();
            PodObserved seen = observer.observe(pod);
            if (watchProbes(pod, seen)) {
                continue; // What new probes start from belongs into the snapshot.
            }
            PodActions plan = PodPlanner.plan(pod, seen, now);
            tellRefusal(pod, seen);
            tellDeadline(pod, now);
            if (plan.actions().isEmpty()) {
                report(pod, seen, now);
                tellWaits(pod, seen, now);
                return new Result(plan.wakeAt(), false);
            }
            executor.execute(pod, seen, plan.actions());
            if (plan.actions().getLast() instanceof PodAction.Forget && executor.forgotten()) {
                return new Result(Optional.empty(), true);
            }
        }
        Instant later = host.clock().instant().plusSeconds(1);
        return new Result(Optional.of(later), false);
    }

    private void tellWaits(DesiredPod pod, PodObserved seen, Instant now) {
        if (pod.lifecycle() instanceof Lifecycle.Wanted) {
            backOffs.tell(pod, seen, now);
            images.waiting(pod, seen, now);
        }
    }

    private void tellRefusal(DesiredPod pod, PodObserved seen) {
        if (!refusalTold && !pod.finished()) {
            Optional<PodAdmission.Refusal> ignored =
                    seen.sandbox().isEmpty() ? PodAdmission.ignored(pod) : Optional.empty();
            seen.refusal().or(() -> ignored).ifPresent(refusal -> host.events()
                    .warning(pod, "", refusal.reason(), refusal.message()));
            refusalTold = true;
        }
    }

    private void tellDeadline(DesiredPod pod, Instant now) {
        if (!deadlineTold && !pod.finished() && pod.deadlineExceeded(now)) {
            PodOutcome.Failed late = PodOutcome.DEADLINE_EXCEEDED;
            host.events().normal(pod, "", late.reason(), late.message());
            deadlineTold = true;
        }
    }

    /**
     * Containers that run although the pod's address is not known were found by an agent that has just started: until
     * their probes are picked up, the report of the agent before is the best there is.
     */
    private void report(DesiredPod pod, PodObserved seen, Instant now) {
        boolean known = !(pod.lifecycle() instanceof Lifecycle.Gone);
        boolean adopted = !seen.podIps().isEmpty() || seen.running().isEmpty();
        if (known && adopted && !seen.deletedFromApi()) {
            host.reporter().report(pod, seen, now);
        }
    }

    /** Answers whether probes of a run were begun that the snapshot does not show yet. */
    private boolean watchProbes(DesiredPod pod, PodObserved seen) {
        List<ContainerStatus> running = seen.running();
        host.probes()
                .retain(pod.uid(), running.stream().map(ContainerStatus::id).toList());
        if (!(pod.lifecycle() instanceof Lifecycle.Wanted)) {
            host.probes().terminating(pod.uid());
            return false;
        }
        boolean begun = false;
        if (!seen.podIps().isEmpty()) {
            for (ContainerStatus run : running) {
                begun |= pod.container(run.name())
                        .filter(container -> !seen.starting(container, run))
                        .map(container -> host.probes().watch(target(pod, container, run, seen)))
                        .orElse(false);
            }
        }
        return begun;
    }

    private static ProbeTarget target(
            DesiredPod pod, DesiredContainer container, ContainerStatus run, PodObserved seen) {
        return new ProbeTarget(
                pod.uid(),
                run.id(),
                run.name(),
                seen.podIps().getFirst(),
                run.startedAt().orElse(run.createdAt()),
                container.startup(),
                container.liveness(),
                container.readiness(),
                before(run, seen));
    }

    private static ProbeVerdict before(ContainerStatus run, PodObserved seen) {
        return Optional.ofNullable(seen.reported().get(run.name()))
                .filter(reported -> reported.containerId().equals(run.id()))
                .map(reported -> new ProbeVerdict(reported.started(), reported.ready(), false, false))
                .orElse(ProbeVerdict.UNKNOWN);
    }
}
