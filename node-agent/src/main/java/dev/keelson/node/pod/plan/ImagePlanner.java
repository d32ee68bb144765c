package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.plan.PodActions.Builder;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.PullPolicy;
import java.time.Duration;
import java.time.Instant;

/** Plans how an image gets here before a container or a volume is made of it. Pure. */
public final class ImagePlanner {
    /** How long a failed pull shows as ErrImagePull before it shows as ImagePullBackOff. */
    public static final Duration FRESH_PULL_FAILURE = Duration.ofSeconds(2);

    private ImagePlanner() {}

    /** Answers whether the image may be used; if not, a pull is under way or planned here, or waited for. */
    static boolean ready(DesiredImage image, PodObserved seen, Instant now, Builder plan) {
        if (seen.pulling().contains(image.subject())) {
            return false;
        }
        if (image.policy() == PullPolicy.IF_NOT_PRESENT && seen.images().contains(image.reference())) {
            return true; // However it came here: what failed before does not matter any more.
        }
        if (PodPlanner.waits(Stage.IMAGE, image.reference(), seen, now, plan)) {
            // Look again when the failure turns from fresh to "backing off", which people are shown.
            seen.failure(Stage.IMAGE, image.reference())
                    .map(failure -> failure.at().plus(FRESH_PULL_FAILURE))
                    .filter(now::isBefore)
                    .ifPresent(plan::wake);
            return false;
        }
        if (needsPull(image, seen)) {
            plan.add(new PodAction.PullImage(image));
            return false;
        }
        return true;
    }

    private static boolean needsPull(DesiredImage image, PodObserved seen) {
        return switch (image.policy()) {
            case ALWAYS -> !seen.pulled().contains(image.subject());
            case IF_NOT_PRESENT -> true;
            // Using it then fails with ErrImageNeverPull, which names the image.
            case NEVER -> false;
        };
    }
}
