package dev.keelson.node.image;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Images on this node, in the verbs of the CRI's ImageService. Safe for concurrent use; pulls of the same image share
 * one download. Failures are {@link dev.keelson.node.NodeException} with the reasons {@code ErrImagePull},
 * {@code InvalidImageName}, {@code RegistryUnavailable}, {@code ErrImageNeverPull} or {@code CorruptImage}.
 */
public interface ImageService {

    /** The image that a reference names, if it is on this node. */
    Optional<Image> imageStatus(String reference);

    /** Brings the image to this node and unpacks it. */
    Image pullImage(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress);

    /** Imports an oci-archive or docker-archive (plain, gzip or zstd tar); answers the images that it named. */
    List<Image> load(InputStream archive);

    /** Imports an OCI layout directory. */
    List<Image> loadLayout(Path directory);

    /** Writes the image as an oci-archive. */
    void save(String reference, OutputStream target);

    void tag(String reference, String newReference);

    List<Image> listImages();

    /** Removes a reference, and the image and its unshared layers when it was the last one. */
    void removeImage(String reference);
}
