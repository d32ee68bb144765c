package dev.keelson.node.pod;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Tells once for each wait that a container or its image is being backed off, in the kubelet's words. */
final class BackOffNews {
    private final PodEvents events;
    private final Set<String> told = new HashSet<>();

    BackOffNews(PodEvents events) {
        this.events = events;
    }

    void tell(DesiredPod pod, PodObserved seen, Instant now) {
        if (!(pod.lifecycle() instanceof Lifecycle.Wanted)) {
            return;
        }
        pod.allContainers().forEach(container -> {
            if (ContainerOutlook.of(container, seen, now) instanceof ContainerOutlook.BackingOff waiting
                    && told.add(container.name() + " run " + waiting.attempt())) {
                events.warning(
                        pod,
                        container.name(),
                        "BackOff",
                        "Back-off restarting failed container %s in pod %s_%s(%s)"
                                .formatted(container.name(), pod.name(), pod.namespace(), pod.uid()));
            }
            seen.failure(Stage.IMAGE, container.image())
                    .filter(failure -> !now.isBefore(failure.at().plus(ContainersPlanner.FRESH_PULL_FAILURE)))
                    .filter(failure -> !failure.reason().equals("ErrImageNeverPull"))
                    .filter(failure ->
                            told.add(container.name() + " pull " + container.image() + " " + failure.count()))
                    .ifPresent(_ -> tellPull(pod, container));
        });
    }

    private void tellPull(DesiredPod pod, DesiredContainer container) {
        events.normal(pod, container.name(), "BackOff", "Back-off pulling image \"%s\"".formatted(container.image()));
        events.warning(pod, container.name(), "Failed", "Error: ImagePullBackOff");
    }
}
