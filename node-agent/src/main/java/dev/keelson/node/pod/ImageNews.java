package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.ContainersPlanner;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * All that Events tell of an image that a pod cannot have, in the kubelet's reasons and words: each failure when it happens,
 * and the wait after it once, as soon as the container shows it. One for each pod; any thread may tell a failure.
 */
final class ImageNews {
    private static final String NEVER_PULL = "ErrImageNeverPull";

    private final PodEvents events;
    private final Set<String> told = new HashSet<>();

    ImageNews(PodEvents events) {
        this.events = events;
    }

    /** The image of a volume cannot be had; the message names both. */
    void failed(DesiredPod pod, NodeException failure) {
        events.warning(pod, "", "Failed", failure.getMessage());
        events.warning(pod, "", "Failed", "Error: " + failure.reason());
    }

    void failed(DesiredPod pod, DesiredContainer container, NodeException failure) {
        String name = container.name();
        String image = container.image();
        String message = failure.getMessage();
        switch (failure.reason()) {
            case NEVER_PULL -> events.warning(pod, name, NEVER_PULL, message);
            case "InvalidImageName" ->
                events.warning(
                        pod,
                        name,
                        "InspectFailed",
                        "Failed to apply default image tag \"%s\": %s".formatted(image, message));
            default -> events.warning(pod, name, "Failed", "Failed to pull image \"%s\": %s".formatted(image, message));
        }
        events.warning(pod, name, "Failed", "Error: " + failure.reason());
    }

    /** Tells of pulls that are being waited for; one caller at a time. */
    void waiting(DesiredPod pod, PodObserved seen, Instant now) {
        pod.allContainers().forEach(container -> seen.failure(Stage.IMAGE, container.image())
                .filter(failure -> !now.isBefore(failure.at().plus(ContainersPlanner.FRESH_PULL_FAILURE)))
                .filter(failure -> !failure.reason().equals(NEVER_PULL))
                .filter(failure -> told.add(container.name() + " " + container.image() + " " + failure.count()))
                .ifPresent(_ -> backingOff(pod, container)));
    }

    private void backingOff(DesiredPod pod, DesiredContainer container) {
        events.normal(pod, container.name(), "BackOff", "Back-off pulling image \"%s\"".formatted(container.image()));
        events.warning(pod, container.name(), "Failed", "Error: ImagePullBackOff");
    }
}
