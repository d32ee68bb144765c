package dev.keelson.node.pod;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.Optional;
import java.util.function.Consumer;

/** The images of a pod: which are here, and fetching one with the pod's own credentials. */
public interface PodImages {

    /** Cheap; an unreadable reference counts as absent. */
    Optional<Image> present(String reference);

    /** Blocks until the image is here; fails with NodeException. */
    Image pull(DesiredPod pod, String reference, Consumer<PullProgress> progress);
}
