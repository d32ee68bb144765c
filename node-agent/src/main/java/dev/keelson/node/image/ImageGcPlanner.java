package dev.keelson.node.image;

import dev.keelson.node.image.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which images go when the disk fills up (Kubernetes, "Garbage collection of images"): above the high threshold the
 * unused ones, the longest unused first, until the low threshold is reached. Pure.
 */
public final class ImageGcPlanner {
    private ImageGcPlanner() {}

    /**
     * @param highPercent how full the disk may be before images are removed
     * @param lowPercent how full it is to be afterwards
     * @param minimumAge how long an image must have been unused
     */
    public record Policy(int highPercent, int lowPercent, Duration minimumAge) {
        /** The kubelet's own. */
        public static final Policy DEFAULT = new Policy(85, 80, Duration.ofMinutes(2));

        public Policy {
            if (lowPercent < 0 || lowPercent > highPercent || highPercent > 100) {
                throw new IllegalArgumentException("thresholds must be 0 <= low <= high <= 100, not low %d and high %d"
                        .formatted(lowPercent, highPercent));
            }
        }
    }

    /** Bytes of the disk that images are on. */
    record Disk(long capacity, long available) {}

    /** @param lastUsed when it was brought here or last asked for */
    record Candidate(Digest digest, Instant lastUsed, boolean inUse) {}

    /**
     * @param wantedAvailable bytes that are to be available afterwards; nothing is removed beyond that
     * @param order what may be removed, the first first
     */
    record Plan(long wantedAvailable, List<Digest> order) {
        static final Plan NOTHING = new Plan(0, List.of());

        Plan {
            order = List.copyOf(order);
        }
    }

    static Plan plan(Policy policy, Disk disk, List<Candidate> images, Instant now) {
        // A disk that says nothing about itself is not a full one.
        if (disk.capacity() <= 0 || usedPercent(disk) < policy.highPercent()) {
            return Plan.NOTHING;
        }
        List<Digest> order = images.stream()
                .filter(image -> !image.inUse())
                .filter(image -> !image.lastUsed().plus(policy.minimumAge()).isAfter(now))
                .sorted(Comparator.comparing(Candidate::lastUsed).thenComparing(Candidate::digest))
                .map(Candidate::digest)
                .toList();
        return new Plan((long) (disk.capacity() / 100.0 * (100 - policy.lowPercent())), order);
    }

    private static long usedPercent(Disk disk) {
        return 100 - (long) (disk.available() * 100.0 / disk.capacity());
    }
}
