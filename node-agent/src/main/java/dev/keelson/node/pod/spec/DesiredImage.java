package dev.keelson.node.pod.spec;

import io.fabric8.kubernetes.api.model.Volume;
import java.util.Objects;
import java.util.Optional;

/**
 * An image that something of a pod is made of.
 *
 * @param name of the container or of the volume
 * @param reference as the pod's spec names the image
 */
public record DesiredImage(Use use, String name, String reference, PullPolicy policy) {

    /** What the image is for. */
    public enum Use {
        CONTAINER,
        VOLUME
    }

    static Optional<DesiredImage> of(Volume volume) {
        return Optional.ofNullable(volume.getImage())
                .map(image -> new DesiredImage(
                        Use.VOLUME,
                        volume.getName(),
                        Objects.requireNonNullElse(image.getReference(), ""),
                        PullPolicy.parse(
                                Objects.requireNonNullElse(image.getPullPolicy(), ""),
                                Objects.requireNonNullElse(image.getReference(), ""))))
                // Setting up the volume says what is wrong with it.
                .filter(image -> !image.reference().isEmpty());
    }

    /** Tells the pod's images apart; no container has a name with a space. */
    public String subject() {
        return use == Use.VOLUME ? "volume " + name : name;
    }

    /** The container that Events are about; empty when they are about the pod. */
    public String container() {
        return use == Use.VOLUME ? "" : name;
    }
}
