package dev.keelson.node.stats;

import dev.keelson.node.runtime.Resources;
import dev.keelson.node.storage.PodStorage;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** What is known of pods beside the kernel's counters. Neither question blocks. */
public interface PodFacts {
    PodFacts NONE = new PodFacts() {
        @Override
        public Optional<PodStorage> storage(String podUid) {
            return Optional.empty();
        }

        @Override
        public Resources limits(Pod pod, String container) {
            return Resources.NONE;
        }
    };

    /** What a pod took on the disk when it was measured last; empty when it has not been yet. */
    Optional<PodStorage> storage(String podUid);

    /** @param container its name; empty for the pod as a whole */
    Resources limits(Pod pod, String container);
}
