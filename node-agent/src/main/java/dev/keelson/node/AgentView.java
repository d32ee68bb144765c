package dev.keelson.node;

import dev.keelson.node.pod.PodManager;
import dev.keelson.node.pod.plan.ReportedContainers;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.server.NodeView;
import dev.keelson.node.status.StatusWriter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks pods and their runs up for the HTTPS API. */
final class AgentView implements NodeView {
    private final PodManager pods;
    private final RuntimeService runtime;
    private final StatusWriter statuses;

    AgentView(PodManager pods, RuntimeService runtime, StatusWriter statuses) {
        this.pods = pods;
        this.runtime = runtime;
        this.statuses = statuses;
    }

    @Override
    public List<Pod> pods() {
        return pods.pods().stream()
                .filter(pod -> !(pod.lifecycle() instanceof Lifecycle.Gone))
                .map(this::withStatus)
                .toList();
    }

    private Pod withStatus(DesiredPod pod) {
        return statuses.latest(pod.uid())
                .map(status -> new PodBuilder(pod.object()).withStatus(status).build())
                .orElse(pod.object());
    }

    @Override
    public String podUid(String namespace, String pod) {
        return find(namespace, pod).uid();
    }

    private DesiredPod find(String namespace, String pod) {
        return pods.find(namespace, pod)
                .orElseThrow(() ->
                        notFound("pod \"%s\" not found in namespace \"%s\" on this node".formatted(pod, namespace)));
    }

    @Override
    public ContainerStatus newestRun(String namespace, String pod, String container) {
        List<ContainerStatus> runs = runs(namespace, pod, container);
        if (runs.isEmpty()) {
            throw invalid("container \"%s\" in pod \"%s\" is waiting to start%s"
                    .formatted(container, pod, why(withStatus(find(namespace, pod)), container)));
        }
        return runs.getLast();
    }

    /** What it waits for, in a kubelet's words. */
    static String why(Pod pod, String container) {
        return ReportedContainers.statuses(pod)
                .filter(one -> one.getName().equals(container))
                .flatMap(one -> Stream.ofNullable(one.getState()))
                .flatMap(state -> Stream.ofNullable(state.getWaiting()))
                .flatMap(waiting -> Stream.ofNullable(waiting.getReason()))
                .findFirst()
                .map(reason -> switch (reason) {
                    case "ErrImagePull" -> ": image can't be pulled";
                    case "ImagePullBackOff" -> ": trying and failing to pull image";
                    default -> ": " + reason;
                })
                .orElse("");
    }

    @Override
    public Path previousLog(String namespace, String pod, String container) {
        return previousLog(runs(namespace, pod, container))
                .orElseThrow(() -> invalid(
                        "previous terminated container \"%s\" in pod \"%s\" not found".formatted(container, pod)));
    }

    /**
     * The log of the run before the newest. Its record may be gone with an earlier sandbox, when the machine was restarted;
     * its file stays as long as the pod.
     *
     * @param runs of one container, oldest first
     */
    static Optional<Path> previousLog(List<ContainerStatus> runs) {
        if (runs.size() > 1) {
            return Optional.of(runs.get(runs.size() - 2).logFile());
        }
        return runs.stream()
                .map(newest -> newest.logFile().resolveSibling(newest.attempt() - 1 + ".log"))
                .filter(Files::exists)
                .findFirst();
    }

    @Override
    public ContainerStatus running(String namespace, String pod, String container) {
        return runs(namespace, pod, container).stream()
                .filter(run -> run.state() == ContainerStatus.State.RUNNING)
                .findFirst()
                .orElseThrow(() -> invalid("container \"%s\" in pod \"%s\" is not running".formatted(container, pod)));
    }

    /** Runs that have begun, oldest first. */
    private List<ContainerStatus> runs(String namespace, String name, String container) {
        DesiredPod pod = find(namespace, name);
        if (pod.container(container).isEmpty()) {
            throw invalid("container \"%s\" is not valid for pod \"%s\"; it has %s"
                    .formatted(
                            container,
                            name,
                            pod.allContainers().map(c -> c.name()).collect(Collectors.toList())));
        }
        return runtime.listContainers().stream()
                .filter(run -> run.podUid().equals(pod.uid()) && run.name().equals(container))
                .filter(run -> run.state() != ContainerStatus.State.CREATED)
                .sorted(Comparator.comparing(ContainerStatus::attempt))
                .toList();
    }

    private static NodeException notFound(String message) {
        return new NodeException(NodeException.Kind.NOT_FOUND, "NotFound", message);
    }

    private static NodeException invalid(String message) {
        return new NodeException(NodeException.Kind.INVALID, "BadRequest", message);
    }
}
