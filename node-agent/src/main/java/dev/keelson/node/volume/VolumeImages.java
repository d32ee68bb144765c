package dev.keelson.node.volume;

import dev.keelson.node.image.Image;
import java.util.Optional;

/** Images that volumes are made of. */
public interface VolumeImages {

    /** By name, or by id ({@code sha256:…}). */
    Optional<Image> present(String reference);
}
