package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.runtime.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one container is doing and what its restart policy makes of that. Planner and status both read it. */
public sealed interface ContainerOutlook {
    /** 128 + SIGKILL: what a run counts as whose exit nobody saw. */
    int KILLED = 137;

    /** A run is due: the first, or one after a crash whose back-off is over, or one that was only created. */
    record Due(int attempt) implements ContainerOutlook {}

    record Running(ContainerStatus run) implements ContainerOutlook {}

    /** Its process runs, but its postStart hook has not ended: what comes after it has to wait. */
    record Starting(ContainerStatus run) implements ContainerOutlook {}

    /** Exited, and will run again once the back-off is over. */
    record BackingOff(int attempt, Instant until, Duration delay) implements ContainerOutlook {}

    /** Will not run again. */
    record Done(int exitCode) implements ContainerOutlook {}

    static ContainerOutlook of(DesiredContainer container, PodObserved seen, Instant now) {
        List<ContainerStatus> runs = seen.runs(container.name());
        if (!runs.isEmpty()) {
            return ofRecord(container, seen, runs.getLast(), now);
        }
        ContainerStatus remembered = seen.remembered().get(container.name());
        if (remembered != null) {
            Optional<Integer> exitCode = remembered.exit().map(ContainerStatus.Exit::code);
            return afterLoss(container, remembered.attempt(), exitCode);
        }
        ReportedContainer reported = seen.reported().get(container.name());
        if (reported == null || !reported.everRan()) {
            return new Due(reported == null ? 0 : reported.restartCount());
        }
        return afterLoss(container, reported.restartCount(), reported.exitCode());
    }

    /** Whether an init container no longer holds up the ones after it. */
    static boolean initialized(DesiredContainer container, PodObserved seen, Instant now) {
        return switch (of(container, seen, now)) {
            case Done(int code) -> code == 0;
            case Running(ContainerStatus run) ->
                container.role() == DesiredContainer.Role.SIDECAR
                        && (container.startup().isEmpty()
                                || seen.verdict(run.id()).started());
            case Due _, Starting _, BackingOff _ -> false;
        };
    }

    private static ContainerOutlook ofRecord(
            DesiredContainer container, PodObserved seen, ContainerStatus run, Instant now) {
        return switch (run.state()) {
            case CREATED -> new Due(run.attempt());
            case RUNNING -> seen.starting(container, run) ? new Starting(run) : new Running(run);
            case EXITED -> afterExit(container, seen, run, now);
        };
    }

    /**
     * The engine's record is gone with its sandbox (host restarted, supervisor lost). A run without an exit code was
     * killed then. Init containers run again in the new sandbox (Kubernetes: "Init Containers", pod restart reasons).
     */
    private static ContainerOutlook afterLoss(DesiredContainer container, int attempt, Optional<Integer> exitCode) {
        int code = exitCode.orElse(KILLED);
        boolean again = container.restartPolicy().restartsAfter(code)
                || (container.role() == DesiredContainer.Role.INIT && code == 0);
        return again ? new Due(attempt + 1) : new Done(code);
    }

    private static ContainerOutlook afterExit(
            DesiredContainer container, PodObserved seen, ContainerStatus run, Instant now) {
        int exitCode = run.exit().map(ContainerStatus.Exit::code).orElse(KILLED);
        if (!container.restartPolicy().restartsAfter(exitCode)) {
            return new Done(exitCode);
        }
        Instant finished = run.exit().map(ContainerStatus.Exit::finishedAt).orElse(run.createdAt());
        Duration ran = Duration.between(run.startedAt().orElse(run.createdAt()), finished);
        int base = seen.streakBase().getOrDefault(container.name(), 0);
        Duration delay = CrashBackoff.delay(run.attempt() - base, ran);
        Instant until = finished.plus(delay);
        return now.isBefore(until) ? new BackingOff(run.attempt() + 1, until, delay) : new Due(run.attempt() + 1);
    }
}
