package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import java.util.Set;

/** What is told of an image that cannot be had, in the kubelet's reasons and words. */
final class ImageEvents {
    private static final Set<String> REASONS = Set.of(
            "ErrImageNeverPull",
            "InvalidImageName",
            "ErrImagePull",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    private ImageEvents() {}

    /** Whether a failure of a pod's volumes is one of an image that a volume is made of. */
    static boolean concernsImage(String reason) {
        return REASONS.contains(reason);
    }

    /** The image of a volume cannot be had; the message names both. */
    static void failed(PodEvents events, DesiredPod pod, NodeException failure) {
        events.warning(pod, "", "Failed", failure.getMessage());
        events.warning(pod, "", "Failed", "Error: " + failure.reason());
    }

    static void failed(PodEvents events, DesiredPod pod, DesiredContainer container, NodeException failure) {
        String name = container.name();
        String image = container.image();
        switch (failure.reason()) {
            case "ErrImageNeverPull" -> {
                events.warning(pod, name, "ErrImageNeverPull", failure.getMessage());
                events.warning(pod, name, "Failed", "Error: ErrImageNeverPull");
            }
            case "InvalidImageName" -> {
                events.warning(
                        pod,
                        name,
                        "InspectFailed",
                        "Failed to apply default image tag \"%s\": %s".formatted(image, failure.getMessage()));
                events.warning(pod, name, "Failed", "Error: InvalidImageName");
            }
            default -> {
                events.warning(
                        pod, name, "Failed", "Failed to pull image \"%s\": %s".formatted(image, failure.getMessage()));
                events.warning(pod, name, "Failed", "Error: " + failure.reason());
                events.normal(pod, name, "BackOff", "Back-off pulling image \"%s\"".formatted(image));
                events.warning(pod, name, "Failed", "Error: ImagePullBackOff");
            }
        }
    }
}
