package dev.keelson.node;

import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.node.pod.PodManager;
import io.fabric8.kubernetes.api.model.Pod;

/** Hands the pods that are bound to this node to their workers. */
final class PodSource implements ResourceHandler<Pod> {
    private final PodManager pods;

    PodSource(PodManager pods) {
        this.pods = pods;
    }

    @Override
    public void onAdd(Pod pod) {
        pods.update(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
        // A deletion and a creation that were missed between two lists show as an update to another uid.
        if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
            pods.remove(before.getMetadata().getUid());
        }
        pods.update(after);
    }

    @Override
    public void onDelete(Pod last) {
        pods.remove(last.getMetadata().getUid());
    }
}
