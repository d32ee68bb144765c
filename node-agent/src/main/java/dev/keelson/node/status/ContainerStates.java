package dev.keelson.node.status;

import dev.keelson.node.pod.plan.ContainerOutlook;
import dev.keelson.node.pod.plan.Failure;
import dev.keelson.node.pod.plan.ImagePlanner;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.ReportedContainer;
import dev.keelson.node.pod.plan.ReportedContainers;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus.Exit;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What is reported of one container: its state, its last one, and whether it is ready. Pure. */
final class ContainerStates {
    private final DesiredPod pod;
    private final PodObserved seen;
    private final Instant now;
    private final boolean initialized;

    ContainerStates(DesiredPod pod, PodObserved seen, Instant now, boolean initialized) {
        this.pod = pod;
        this.seen = seen;
        this.now = now;
        this.initialized = initialized;
    }

    ContainerStatus status(DesiredContainer container) {
        List<dev.keelson.node.runtime.ContainerStatus> runs = seen.runs(container.name());
        Optional<dev.keelson.node.runtime.ContainerStatus> run = newest(container, runs);
        ContainerOutlook outlook = ContainerOutlook.of(container, seen, now);
        boolean started = started(container, outlook);
        ContainerStatusBuilder status = new ContainerStatusBuilder()
                .withName(container.name())
                .withImage(container.image())
                .withImageID(run.map(dev.keelson.node.runtime.ContainerStatus::imageId)
                        .orElse(""))
                .withRestartCount(restartCount(container, run))
                .withStarted(started)
                .withReady(ready(container, outlook, started))
                .withState(state(container, outlook, run));
        run.filter(known -> known.state() == dev.keelson.node.runtime.ContainerStatus.State.RUNNING)
                .flatMap(known -> seen.applied(known.id()))
                .ifPresent(given -> status.withResources(given).withAllocatedResources(allocated(container, given)));
        run.ifPresent(known -> status.withContainerID("keelson://" + known.id()));
        lastState(container, outlook, run, runs).ifPresent(status::withLastState);
        return status.build();
    }

    /** What the node has set aside: the new requests as soon as it has room for them. */
    private Map<String, Quantity> allocated(DesiredContainer container, ResourceRequirements given) {
        ResourceRequirements admitted = seen.room() instanceof ResizeRoom.Fits ? Resize.wanted(container) : given;
        return admitted.getRequests();
    }

    private Optional<dev.keelson.node.runtime.ContainerStatus> newest(
            DesiredContainer container, List<dev.keelson.node.runtime.ContainerStatus> runs) {
        return runs.isEmpty()
                ? Optional.ofNullable(seen.remembered().get(container.name()))
                : Optional.of(runs.getLast());
    }

    private int restartCount(DesiredContainer container, Optional<dev.keelson.node.runtime.ContainerStatus> run) {
        return run.map(dev.keelson.node.runtime.ContainerStatus::attempt)
                .or(() -> reported(container).map(ReportedContainer::restartCount))
                .orElse(0);
    }

    private Optional<ReportedContainer> reported(DesiredContainer container) {
        return Optional.ofNullable(seen.reported().get(container.name()));
    }

    private boolean started(DesiredContainer container, ContainerOutlook outlook) {
        return outlook instanceof ContainerOutlook.Running(var run)
                && (container.startup().isEmpty() || seen.verdict(run.id()).started());
    }

    /** A regular init container is ready once it has succeeded; others while they run, started and pass readiness. */
    private boolean ready(DesiredContainer container, ContainerOutlook outlook, boolean started) {
        return switch (outlook) {
            case ContainerOutlook.Done(int code) -> container.role() == DesiredContainer.Role.INIT && code == 0;
            case ContainerOutlook.Running(var run) ->
                started
                        && container.role() != DesiredContainer.Role.INIT
                        && container.role() != DesiredContainer.Role.EPHEMERAL
                        && (container.readiness().isEmpty() || verdict(run).ready());
            case ContainerOutlook.Due _, ContainerOutlook.Starting _, ContainerOutlook.BackingOff _ -> false;
        };
    }

    private ProbeVerdict verdict(dev.keelson.node.runtime.ContainerStatus run) {
        return seen.verdict(run.id());
    }

    private ContainerState state(
            DesiredContainer container,
            ContainerOutlook outlook,
            Optional<dev.keelson.node.runtime.ContainerStatus> run) {
        Optional<ContainerState> ended = run.flatMap(ContainerStates::terminated);
        return switch (outlook) {
            case ContainerOutlook.Running(var current) -> running(current);
            case ContainerOutlook.Starting(var current) -> ending() ? running(current) : waiting(idleReason(), "");
            case ContainerOutlook.Done(int code) -> ended.orElseGet(() -> kept(container, code));
            case ContainerOutlook.BackingOff waiting -> {
                ContainerState shown = backingOff(container, waiting.delay());
                yield ending() ? ended.orElse(shown) : shown;
            }
            case ContainerOutlook.Due(int attempt) -> {
                // What did not start is waited for only while it is to run.
                Optional<ContainerState> waiting = ending() && ended.isPresent() ? ended : failure(container);
                boolean sameRun = run.isPresent() && run.get().attempt() == attempt;
                yield waiting.or(() -> sameRun ? Optional.empty() : ended).orElseGet(() -> waiting(idleReason(), ""));
            }
        };
    }

    private boolean ending() {
        return pod.finished() || !(pod.lifecycle() instanceof Lifecycle.Wanted);
    }

    private String idleReason() {
        return initialized || pod.initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
    }

    private ContainerState backingOff(DesiredContainer container, Duration delay) {
        return waiting(
                "CrashLoopBackOff",
                "back-off %s restarting failed container=%s pod=%s_%s(%s)"
                        .formatted(text(delay), container.name(), pod.name(), pod.namespace(), pod.uid()));
    }

    private static String text(Duration delay) {
        return delay.toSeconds() < 60
                ? delay.toSeconds() + "s"
                : "%dm%ds".formatted(delay.toMinutes(), delay.toSecondsPart());
    }

    private Optional<ContainerState> failure(DesiredContainer container) {
        return Stream.of(Stage.IMAGE, Stage.CONFIG, Stage.START)
                .flatMap(stage ->
                        seen.failure(stage, stage == Stage.IMAGE ? container.image() : container.name()).stream())
                .findFirst()
                .or(() -> imageOfVolume(container))
                .map(failure -> shown(container, failure));
    }

    /** An image that a volume is made of cannot be had: that is told by the containers that mount such a volume. */
    private Optional<Failure> imageOfVolume(DesiredContainer container) {
        List<DesiredImage> mounted = pod.volumeImages()
                .filter(image -> container.spec().getVolumeMounts().stream()
                        .anyMatch(mount -> mount.getName().equals(image.name())))
                .toList();
        return mounted.stream()
                .flatMap(image -> seen.failure(Stage.IMAGE, image.reference()).stream())
                .findFirst()
                .or(() -> seen.failure(Stage.VOLUMES, "")
                        .filter(failure -> !mounted.isEmpty() && failure.concernsImage()));
    }

    private ContainerState shown(DesiredContainer container, Failure failure) {
        boolean pull = failure.stage() == Stage.IMAGE && !failure.isForGood();
        boolean fresh = now.isBefore(failure.at().plus(ImagePlanner.FRESH_PULL_FAILURE)) || pulls(failure.subject());
        return pull && !fresh
                ? waiting(
                        "ImagePullBackOff",
                        "Back-off pulling image \"%s\": %s: %s"
                                .formatted(failure.subject(), failure.reason(), failure.message()))
                : waiting(failure.reason(), failure.message());
    }

    private boolean pulls(String reference) {
        return pod.images()
                .anyMatch(image ->
                        image.reference().equals(reference) && seen.pulling().contains(image.subject()));
    }

    private Optional<ContainerState> lastState(
            DesiredContainer container,
            ContainerOutlook outlook,
            Optional<dev.keelson.node.runtime.ContainerStatus> run,
            List<dev.keelson.node.runtime.ContainerStatus> runs) {
        boolean currentIsOver = run.isPresent()
                && run.get().exit().isPresent()
                && !state(container, outlook, run).equals(terminated(run.get()).orElse(new ContainerState()));
        if (currentIsOver) {
            return terminated(run.get());
        }
        if (runs.size() > 1) {
            return terminated(runs.get(runs.size() - 2));
        }
        Optional<dev.keelson.node.runtime.ContainerStatus> lost = Optional.ofNullable(
                        seen.remembered().get(container.name()))
                .filter(earlier ->
                        run.isPresent() && earlier.attempt() < run.get().attempt());
        return lost.map(earlier -> terminated(earlier).orElseGet(() -> unknown(ContainerOutlook.KILLED)))
                .or(() -> lastReported(container, run));
    }

    /** Earlier runs whose records are gone live on in what was reported. */
    private Optional<ContainerState> lastReported(
            DesiredContainer container, Optional<dev.keelson.node.runtime.ContainerStatus> run) {
        int attempt = run.map(dev.keelson.node.runtime.ContainerStatus::attempt).orElse(0);
        Optional<ContainerStatus> old = ReportedContainers.statuses(pod.object())
                .filter(status -> status.getName().equals(container.name()))
                .findFirst();
        boolean sameRun = old.map(ContainerStatus::getRestartCount).orElse(0) == attempt;
        Optional<ContainerState> state = old.map(status -> sameRun ? status.getLastState() : status.getState());
        // A run that was reported as running and is now followed by another was lost, and nobody saw how it ended.
        return state.filter(last -> !sameRun && last.getRunning() != null)
                .map(_ -> unknown(ContainerOutlook.KILLED))
                .or(() -> state.filter(last -> last.getTerminated() != null));
    }

    /** Nothing on the node tells how the run ended, only what was reported: keep that, or say that it is unknown. */
    private ContainerState kept(DesiredContainer container, int code) {
        return ReportedContainers.statuses(pod.object())
                .filter(status -> status.getName().equals(container.name()) && status.getState() != null)
                .map(ContainerStatus::getState)
                .filter(state -> state.getTerminated() != null)
                .findFirst()
                .orElseGet(() -> unknown(code));
    }

    private static ContainerState unknown(int code) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason("ContainerStatusUnknown")
                .withMessage("The container's record was lost with its sandbox")
                .endTerminated()
                .build();
    }

    private static ContainerState running(dev.keelson.node.runtime.ContainerStatus run) {
        return new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(Timestamps.seconds(run.startedAt().orElse(run.createdAt())))
                .endRunning()
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
    }

    static Optional<ContainerState> terminated(dev.keelson.node.runtime.ContainerStatus run) {
        return run.exit().map(exit -> terminated(run, exit));
    }

    private static ContainerState terminated(dev.keelson.node.runtime.ContainerStatus run, Exit exit) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exit.code())
                .withSignal(exit.signal() == 0 ? null : exit.signal())
                .withReason(exit.reason())
                .withMessage(exit.message().isEmpty() ? null : exit.message())
                .withStartedAt(run.startedAt().map(Timestamps::seconds).orElse(null))
                .withFinishedAt(Timestamps.seconds(exit.finishedAt()))
                .withContainerID("keelson://" + run.id())
                .endTerminated()
                .build();
    }
}
