package dev.keelson.node.volume;

import dev.keelson.node.image.Image;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.Optional;

/** Images that volumes are made of. */
public interface VolumeImages {

    /** By name, or by id ({@code sha256:…}). */
    Optional<Image> present(String reference);

    /** Blocks until the image is here, fetched with the pod's credentials; fails with NodeException. */
    Image pull(DesiredPod pod, String reference);
}
