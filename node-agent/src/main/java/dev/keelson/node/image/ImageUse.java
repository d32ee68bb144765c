package dev.keelson.node.image;

import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When images were last asked for. Kept as the time of their manifest's blob, so that a restart forgets only the newest. */
final class ImageUse {
    private final ContentStore content;
    private final InstantSource clock;
    private final Map<Digest, Instant> recent = new ConcurrentHashMap<>();

    ImageUse(ContentStore content, InstantSource clock) {
        this.content = content;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    void touch(Digest image) {
        recent.put(image, clock.instant());
    }

    Instant lastUsed(Digest image) {
        Instant kept = content.time(image);
        Instant seen = recent.getOrDefault(image, Instant.MIN);
        return seen.isAfter(kept) ? seen : kept;
    }

    void keep() {
        for (Digest image : recent.keySet()) {
            Instant seen = recent.remove(image);
            if (content.contains(image)) {
                content.setTime(image, seen);
            }
        }
    }
}
