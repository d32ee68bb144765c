package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.plan.PodActions.Builder;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredContainer.Role;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Plans the containers of a pod whose sandbox, network and volumes are there or are planned before them. */
public final class ContainersPlanner {
    private ContainersPlanner() {}

    /** @param mayStart whether volumes are there or planned, so that containers can be started */
    static void plan(DesiredPod pod, PodObserved seen, boolean mayStart, Instant now, Builder plan) {
        // They are there to find out what holds up the others.
        pod.ephemeralContainers().forEach(container -> advance(pod, container, seen, mayStart, now, plan));
        if (initialize(pod, seen, mayStart, now, plan)) {
            mains(pod, seen, mayStart, now, plan);
        }
        pod.allContainers().forEach(container -> dropOldRuns(seen.runs(container.name()), plan));
    }

    /** A container's postStart hook may be what the next ones rely on: they start one after the other. */
    private static void mains(DesiredPod pod, PodObserved seen, boolean mayStart, Instant now, Builder plan) {
        boolean next = mayStart;
        for (DesiredContainer container : pod.containers()) {
            boolean begins = advance(pod, container, seen, next, now, plan) && container.hasPostStart();
            boolean hooking = ContainerOutlook.of(container, seen, now) instanceof ContainerOutlook.Starting;
            next &= !begins && !hooking;
        }
    }

    /** Plans init containers in order; true once the main containers may start. */
    private static boolean initialize(DesiredPod pod, PodObserved seen, boolean mayStart, Instant now, Builder plan) {
        boolean mainHasRun = pod.containers().stream().anyMatch(container -> hasRun(container, seen));
        for (DesiredContainer container : pod.initContainers()) {
            if (container.role() == Role.INIT && mainHasRun) {
                continue;
            }
            advance(pod, container, seen, mayStart, now, plan);
            if (!mainHasRun && !ContainerOutlook.initialized(container, seen, now)) {
                return false;
            }
        }
        return true;
    }

    /** Once a main container has run, the pod counts as initialized even if the init containers' records are gone. */
    static boolean hasRun(DesiredContainer container, PodObserved seen) {
        return seen.runs(container.name()).stream()
                .anyMatch(run -> run.startedAt().isPresent());
    }

    /** Answers whether a start was planned. */
    private static boolean advance(
            DesiredPod pod, DesiredContainer container, PodObserved seen, boolean mayStart, Instant now, Builder plan) {
        return switch (ContainerOutlook.of(container, seen, now)) {
            case ContainerOutlook.Due(int attempt) -> mayStart && start(container, attempt, seen, now, plan);
            case ContainerOutlook.Running(ContainerStatus run) -> {
                check(pod, container, run, seen, now, plan);
                yield false;
            }
            case ContainerOutlook.BackingOff waiting -> {
                plan.wake(waiting.until());
                yield false;
            }
            case ContainerOutlook.Starting(ContainerStatus run) -> {
                hook(container, run, seen, now, plan);
                yield false;
            }
            case ContainerOutlook.Done _ -> false;
        };
    }

    /** Whoever started the run may not have lived to see it, or to see the hook's end: it is run again then. */
    private static void hook(
            DesiredContainer container, ContainerStatus run, PodObserved seen, Instant now, Builder plan) {
        boolean idle =
                !seen.hooking().contains(container.name()) && !seen.stopping().containsKey(run.id());
        if (idle && !PodPlanner.waits(Stage.STOP, container.name(), seen, now, plan)) {
            plan.add(new PodAction.RunPostStart(container, run.id()));
        }
    }

    private static boolean start(DesiredContainer container, int attempt, PodObserved seen, Instant now, Builder plan) {
        String name = container.name();
        if (!ImagePlanner.ready(container.desiredImage(), seen, now, plan)) {
            return false;
        }
        if (!PodPlanner.waits(Stage.CONFIG, name, seen, now, plan)
                && !PodPlanner.waits(Stage.START, name, seen, now, plan)) {
            plan.add(new PodAction.StartContainer(container, attempt));
            return true;
        }
        return false;
    }

    private static void check(
            DesiredPod pod,
            DesiredContainer container,
            ContainerStatus run,
            PodObserved seen,
            Instant now,
            Builder plan) {
        if (seen.stopping().containsKey(run.id())) {
            return;
        }
        switch (Resize.of(container, seen.applied(run.id()))) {
            case Resize.None _ -> {}
            case Resize.ByRestart _
            when seen.room() instanceof ResizeRoom.Fits -> {
                plan.add(stop(run, pod.grace(), "Container %s resize requires restart"));
                return;
            }
            case Resize.InPlace _
            when seen.room() instanceof ResizeRoom.Fits -> {
                if (!PodPlanner.waits(Stage.RESIZE, container.name(), seen, now, plan)) {
                    plan.add(new PodAction.ResizeContainer(container, run.id()));
                }
            }
            case Resize.ByRestart _, Resize.InPlace _ -> plan.wake(now.plus(ResizeRoom.RECHECK));
        }
        ProbeVerdict verdict = seen.verdict(run.id());
        if (verdict.startupFailed()) {
            Duration grace = container.graceAfter(container.startup(), pod.grace());
            plan.add(stop(run, grace, "Container %s failed startup probe, will be restarted"));
        } else if (verdict.livenessFailed()) {
            Duration grace = container.graceAfter(container.liveness(), pod.grace());
            plan.add(stop(run, grace, "Container %s failed liveness probe, will be restarted"));
        } else if (!run.image().equals(container.image())) {
            plan.add(stop(run, pod.grace(), "Container %s definition changed, will be restarted"));
        }
    }

    private static PodAction stop(ContainerStatus run, Duration grace, String why) {
        return new PodAction.StopContainer(run.id(), run.name(), grace, why.formatted(run.name()), true);
    }

    /** Keeps the newest run and the one before it, whose log and exit code people ask for. */
    private static void dropOldRuns(List<ContainerStatus> runs, Builder plan) {
        runs.stream()
                .limit(Math.max(0, runs.size() - 2))
                .filter(run -> run.state() != ContainerStatus.State.RUNNING)
                .forEach(run -> plan.add(new PodAction.RemoveContainer(run.id(), run.logFile())));
    }
}
