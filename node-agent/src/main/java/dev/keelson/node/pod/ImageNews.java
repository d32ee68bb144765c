package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.ImagePlanner;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * All that Events tell of a pod's images, in the kubelet's reasons and words: pulls, each failure when it happens, and the
 * wait after it once, as soon as the container shows it. One for each pod; any thread may tell of pulls.
 */
final class ImageNews {
    private static final String NEVER_PULL = "ErrImageNeverPull";

    private final PodEvents events;
    private final Set<String> told = new HashSet<>();

    ImageNews(PodEvents events) {
        this.events = events;
    }

    /** @param progress how far it is; empty when it begins */
    void pulling(DesiredPod pod, DesiredImage image, String progress) {
        events.normal(
                pod, image.container(), "Pulling", "Pulling image \"%s\"%s".formatted(image.reference(), progress));
    }

    void pulled(DesiredPod pod, DesiredImage image, Duration took, long sizeBytes) {
        events.normal(
                pod,
                image.container(),
                "Pulled",
                "Successfully pulled image \"%1$s\" in %2$.3fs (%2$.3fs including waiting). Image size: %3$d bytes."
                        .formatted(image.reference(), took.toMillis() / 1000.0, sizeBytes));
    }

    /** It is used without having been pulled. */
    void present(DesiredPod pod, DesiredImage image) {
        events.normal(
                pod,
                image.container(),
                "Pulled",
                "Container image \"%s\" already present on machine".formatted(image.reference()));
    }

    /** A volume cannot be made of its image; the message names both. */
    void failed(DesiredPod pod, NodeException failure) {
        events.warning(pod, "", "Failed", failure.getMessage());
        events.warning(pod, "", "Failed", "Error: " + failure.reason());
    }

    void failed(DesiredPod pod, DesiredImage wanted, NodeException failure) {
        String name = wanted.container();
        String image = wanted.reference();
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
        pod.images().forEach(image -> seen.failure(Stage.IMAGE, image.reference())
                .filter(failure -> !now.isBefore(failure.at().plus(ImagePlanner.FRESH_PULL_FAILURE)))
                .filter(failure -> !failure.isForGood())
                .filter(failure -> told.add(image.subject() + " " + image.reference() + " " + failure.count()))
                .ifPresent(_ -> backingOff(pod, image)));
    }

    private void backingOff(DesiredPod pod, DesiredImage image) {
        events.normal(pod, image.container(), "BackOff", "Back-off pulling image \"%s\"".formatted(image.reference()));
        events.warning(pod, image.container(), "Failed", "Error: ImagePullBackOff");
    }
}
