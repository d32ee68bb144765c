package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.ContainerOutlook;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.spec.DesiredPod;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Tells once for each wait that a container is being backed off, in the kubelet's words. */
final class BackOffNews {
    private final PodEvents events;
    private final Set<String> told = new HashSet<>();

    BackOffNews(PodEvents events) {
        this.events = events;
    }

    void tell(DesiredPod pod, PodObserved seen, Instant now) {
        pod.allContainers().forEach(container -> {
            if (ContainerOutlook.of(container, seen, now) instanceof ContainerOutlook.BackingOff waiting
                    && told.add(container.name() + " " + waiting.attempt())) {
                events.warning(
                        pod,
                        container.name(),
                        "BackOff",
                        "Back-off restarting failed container %s in pod %s_%s(%s)"
                                .formatted(container.name(), pod.name(), pod.namespace(), pod.uid()));
            }
        });
    }
}
