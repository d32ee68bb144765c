package dev.keelson.node.pod.plan;

import java.time.Instant;
import java.util.Set;

/**
 * The newest failure of one stage.
 *
 * @param subject the container whose stage it is, or the image for {@link Stage#IMAGE}; empty for a stage of the whole pod
 * @param reason as in an Event or a container's waiting state
 * @param count how many times in a row
 */
public record Failure(Stage stage, String subject, String reason, String message, Instant at, int count) {
    private static final Set<String> IMAGE_REASONS = Set.of(
            "ErrImageNeverPull",
            "InvalidImageName",
            "ErrImagePull",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    /** Problems of an image that no further try gets over. */
    private static final Set<String> FOR_GOOD = Set.of("InvalidImageName", "ErrImageNeverPull");

    /** Whether it stays what it is until the pod is another one; nothing is said of tries that cannot help. */
    public boolean isForGood() {
        return FOR_GOOD.contains(reason);
    }

    public Instant retryAt() {
        return at.plus(stage.retryAfter(count));
    }

    /** Whether an image cannot be had, of a container or of a volume. */
    public boolean concernsImage() {
        return concernsImage(reason);
    }

    /** The same of a failure that is not filed yet. */
    public static boolean concernsImage(String reason) {
        return IMAGE_REASONS.contains(reason);
    }

    /** What a failure is filed under. */
    public record Key(Stage stage, String subject) {}
}
