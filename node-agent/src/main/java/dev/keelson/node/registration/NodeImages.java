package dev.keelson.node.registration;

import dev.keelson.node.image.ImageSummary;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.ContainerImageBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The images that a Node object lists: the largest fifty with up to five names each, as the kubelet does. Pure. */
public final class NodeImages {
    private static final int MOST_IMAGES = 50;
    private static final int MOST_NAMES = 5;

    private NodeImages() {}

    public static List<ContainerImage> of(List<ImageSummary> images) {
        return images.stream()
                .filter(image ->
                        !image.references().isEmpty() || !image.repoDigests().isEmpty())
                .sorted(Comparator.comparingLong(ImageSummary::sizeBytes)
                        .reversed()
                        .thenComparing(ImageSummary::id))
                .limit(MOST_IMAGES)
                .map(NodeImages::of)
                .toList();
    }

    private static ContainerImage of(ImageSummary image) {
        return new ContainerImageBuilder()
                .withNames(Stream.concat(image.repoDigests().stream(), image.references().stream())
                        .distinct()
                        .limit(MOST_NAMES)
                        .toList())
                .withSizeBytes(image.sizeBytes())
                .build();
    }
}
