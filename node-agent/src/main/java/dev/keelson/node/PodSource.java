package dev.keelson.node;

import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.node.manifest.MirrorPods;
import dev.keelson.node.pod.PodManager;
import dev.keelson.node.status.StatusWriter;
import io.fabric8.kubernetes.api.model.Pod;

/** Hands the pods that are bound to this node to their workers. */
final class PodSource implements ResourceHandler<Pod> {
    private final PodManager pods;
    private final MirrorPods mirrors;
    private final StatusWriter statuses;

    PodSource(PodManager pods, MirrorPods mirrors, StatusWriter statuses) {
        this.pods = pods;
        this.mirrors = mirrors;
        this.statuses = statuses;
    }

    @Override
    public void onAdd(Pod pod) {
        update(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
        // A deletion and a creation that were missed between two lists show as an update to another uid.
        if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
            pods.remove(before.getMetadata().getUid());
        }
        update(after);
    }

    private void update(Pod pod) {
        if (MirrorPods.isMirror(pod)) {
            mirrors.seen(pod).ifPresent(this::tellAll);
        } else {
            pods.update(pod);
        }
    }

    /** A new mirror knows nothing yet of what was told to the one before. */
    private void tellAll(String staticPodUid) {
        statuses.forget(staticPodUid);
        pods.wake(staticPodUid);
    }

    @Override
    public void onDelete(Pod last) {
        if (MirrorPods.isMirror(last)) {
            mirrors.gone(last);
        }
        pods.remove(last.getMetadata().getUid());
    }
}
