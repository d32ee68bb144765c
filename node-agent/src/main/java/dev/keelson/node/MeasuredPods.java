package dev.keelson.node;

import dev.keelson.node.container.ResourceLimits;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.stats.PodFacts;
import dev.keelson.node.storage.PodStorage;
import dev.keelson.node.storage.StorageMeter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;
import java.util.stream.Stream;

/** What this node gives to pods, and what they were measured to take. */
record MeasuredPods(StorageMeter meter, ResourceLimits limits) implements PodFacts {

    @Override
    public Optional<PodStorage> storage(String podUid) {
        return meter.latest(podUid);
    }

    @Override
    public Resources limits(Pod pod, String container) {
        PodSpec spec = pod.getSpec();
        if (container.isEmpty()) {
            return limits.ofPod(spec);
        }
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .filter(found -> found.getName().equals(container))
                .findFirst()
                .map(found -> limits.of(spec, found))
                .orElse(Resources.NONE);
    }
}
