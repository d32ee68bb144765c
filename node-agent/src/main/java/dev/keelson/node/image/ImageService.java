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
 * {@code InvalidImageName}, {@code RegistryUnavailable} or {@code ErrImageNeverPull}.
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

    /** Writes images as one archive, which is an oci-archive and a docker-archive at once. */
    void save(List<String> references, OutputStream target);

    /** Brings an image of this node to the registry that its name says; answers its manifest's digest. */
    String push(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress);

    /** All that is known of an image. */
    ImageDetails inspect(String reference);

    /** Every image in short, cheaply. */
    List<ImageSummary> summaries();

    /**
     * Removes images that no container runs from, with the layers and blobs that no other image shares.
     *
     * @param all also those that have a name
     */
    Pruned prune(boolean all);

    /** Makes room when the disk is fuller than the thresholds allow; to be called every few minutes. */
    Collected collectGarbage();

    /**
     * @param wantedBytes bytes that should be available on the disk; 0 when it is not full
     * @param availableBytes bytes that are available now
     */
    record Collected(List<ImageSummary> removed, long wantedBytes, long availableBytes) {
        public Collected {
            removed = List.copyOf(removed);
        }

        public boolean isEnough() {
            return availableBytes >= wantedBytes;
        }
    }

    /** @param freedBytes size of the compressed content that was removed */
    record Pruned(List<ImageSummary> removed, long freedBytes) {
        public Pruned {
            removed = List.copyOf(removed);
        }
    }

    void tag(String reference, String newReference);

    List<Image> listImages();

    /** Removes a reference, and the image and its unshared layers when it was the last one. */
    void removeImage(String reference);
}
