package dev.keelson.node.pod.plan;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what an API object says of its containers' earlier runs. */
public final class ReportedContainers {
    private ReportedContainers() {}

    public static Map<String, ReportedContainer> of(Pod pod) {
        Map<String, ReportedContainer> reported = new HashMap<>();
        statuses(pod).forEach(status -> reported.put(status.getName(), of(status)));
        return reported;
    }

    /** The raw statuses of all containers. */
    public static Stream<ContainerStatus> statuses(Pod pod) {
        if (pod.getStatus() == null) {
            return Stream.empty();
        }
        return Stream.of(
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getContainerStatuses(),
                        pod.getStatus().getEphemeralContainerStatuses())
                .flatMap(List::stream);
    }

    private static ReportedContainer of(ContainerStatus status) {
        Optional<ContainerState> state = Optional.ofNullable(status.getState());
        Optional<ContainerStateTerminated> ended = state.map(ContainerState::getTerminated);
        boolean lastEnded =
                status.getLastState() != null && status.getLastState().getTerminated() != null;
        String id = Objects.requireNonNullElse(status.getContainerID(), "");
        return new ReportedContainer(
                Objects.requireNonNullElse(status.getRestartCount(), 0),
                !id.isEmpty() || ended.isPresent() || lastEnded,
                id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3),
                Boolean.TRUE.equals(status.getReady()),
                Boolean.TRUE.equals(status.getStarted()),
                state.map(ContainerState::getRunning).isPresent(),
                ended.map(ContainerStateTerminated::getExitCode),
                ended.map(ContainerStateTerminated::getFinishedAt).map(Instant::parse),
                Optional.ofNullable(status.getResources()));
    }
}
