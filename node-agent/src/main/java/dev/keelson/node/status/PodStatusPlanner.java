package dev.keelson.node.status;

import dev.keelson.node.pod.plan.ContainerOutlook;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.PodOutcome;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Computes a pod's status from what is true on the node (Kubernetes: "Pod Lifecycle"). Pure: equal inputs give equal
 * statuses, so a status is written only when something really changed.
 */
public final class PodStatusPlanner {
    private final String hostIp;

    public PodStatusPlanner(String hostIp) {
        this.hostIp = hostIp;
    }

    /** @param before the status that was computed last, or the one that the API server holds */
    public PodStatus status(DesiredPod pod, PodObserved seen, PodStatus before, Instant now) {
        boolean initialized = initialized(pod, seen, now);
        ContainerStates states = new ContainerStates(pod, seen, now, initialized);
        List<ContainerStatus> inits =
                pod.initContainers().stream().map(states::status).toList();
        List<ContainerStatus> mains =
                pod.containers().stream().map(states::status).toList();
        Phase phase = phase(pod, seen, before, mains, initialized, now);
        if (refused(pod, seen, now)) {
            // As from the kubelet: what no container says cannot hide why the pod was refused.
            inits = List.of();
            mains = List.of();
        }
        String resize = ResizeConditions.of(pod, seen).word();
        PodStatusBuilder status = new PodStatusBuilder(before)
                .withResize(resize.isEmpty() ? null : resize)
                .withPhase(phase.name())
                .withReason(phase.reason().isEmpty() ? null : phase.reason())
                .withMessage(phase.message().isEmpty() ? null : phase.message())
                .withHostIP(hostIp)
                .withHostIPs(new HostIP(hostIp))
                .withStartTime(Objects.requireNonNullElse(before.getStartTime(), Timestamps.seconds(now)))
                .withInitContainerStatuses(inits)
                .withContainerStatuses(mains)
                .withEphemeralContainerStatuses(
                        pod.ephemeralContainers().stream().map(states::status).toList())
                .withConditions(new PodConditions(pod, before, now)
                        .conditions(seen, initialized, phase.name(), counted(pod, inits, mains)));
        List<String> addresses = addresses(seen, phase, before);
        if (!addresses.isEmpty()) {
            status.withPodIP(addresses.getFirst())
                    .withPodIPs(addresses.stream().map(PodIP::new).toList());
        }
        return status.build();
    }

    /** A pod that has ended goes on telling where it was, as the kubelet's do. */
    private static List<String> addresses(PodObserved seen, Phase phase, PodStatus before) {
        boolean ended = phase.name().equals("Succeeded") || phase.name().equals("Failed");
        if (!seen.podIps().isEmpty() || !ended) {
            return seen.podIps();
        }
        return seen.lastPodIps().isEmpty()
                ? before.getPodIPs().stream().map(PodIP::getIp).toList()
                : seen.lastPodIps();
    }

    private static boolean refused(DesiredPod pod, PodObserved seen, Instant now) {
        return seen.containers().isEmpty() && PodOutcome.of(pod, seen, now) instanceof PodOutcome.Refused;
    }

    private record Phase(String name, String reason, String message) {}

    private static Phase phase(
            DesiredPod pod,
            PodObserved seen,
            PodStatus before,
            List<ContainerStatus> mains,
            boolean initialized,
            Instant now) {
        if (pod.finished()) {
            return new Phase(before.getPhase(), text(before.getReason()), text(before.getMessage()));
        }
        String open = open(mains, initialized);
        if (!seen.running().isEmpty()) {
            return new Phase(open, "", "");
        }
        return switch (PodOutcome.of(pod, seen, now)) {
            case PodOutcome.Succeeded _ -> new Phase("Succeeded", "", "");
            case PodOutcome.Failed(String reason, String message) -> new Phase("Failed", reason, message);
            case PodOutcome.Refused(String reason, String message) -> new Phase("Failed", reason, message);
            case PodOutcome.Open _ -> new Phase(stoppedPhase(pod, mains, open), "", "");
        };
    }

    /** A pod is Pending until all its containers have run (Kubernetes: "Pod phase"). */
    private static String open(List<ContainerStatus> mains, boolean initialized) {
        boolean waiting = mains.stream()
                .anyMatch(main -> main.getState().getWaiting() != null
                        && (main.getLastState() == null || main.getLastState().getTerminated() == null));
        return initialized && !waiting ? "Running" : "Pending";
    }

    /** A pod that is being deleted and whose containers have all stopped has come to its end, whatever its policy. */
    private static String stoppedPhase(DesiredPod pod, List<ContainerStatus> mains, String open) {
        boolean stopped = !(pod.lifecycle() instanceof Lifecycle.Wanted)
                && mains.stream().allMatch(main -> main.getState().getTerminated() != null);
        if (!stopped) {
            return open;
        }
        return mains.stream().allMatch(main -> main.getState().getTerminated().getExitCode() == 0)
                ? "Succeeded"
                : "Failed";
    }

    private static boolean initialized(DesiredPod pod, PodObserved seen, Instant now) {
        boolean mainHasRun = pod.containers().stream().anyMatch(container -> seen.runs(container.name()).stream()
                .anyMatch(run -> run.startedAt().isPresent()));
        return mainHasRun || pod.initContainers().stream().allMatch(c -> ContainerOutlook.initialized(c, seen, now));
    }

    /** The containers that readiness is about: main ones and sidecars. */
    private static List<ContainerStatus> counted(
            DesiredPod pod, List<ContainerStatus> inits, List<ContainerStatus> mains) {
        Stream<ContainerStatus> sidecars = inits.stream().filter(status -> pod.sidecars()
                .anyMatch(sidecar -> sidecar.name().equals(status.getName())));
        return Stream.concat(sidecars, mains.stream()).toList();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
