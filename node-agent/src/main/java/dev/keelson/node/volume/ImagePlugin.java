package dev.keelson.node.volume;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.PullPolicy;
import dev.keelson.node.runtime.ContainerConfig.ImageLayers;
import dev.keelson.node.runtime.ContainerConfig.Source;
import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code image}: the files of an image, read-only (Kubernetes: "Use an Image Volume With a Pod"). A file of
 * the pod says which image it is: chosen when the pod starts, whatever its name means later, and kept on the node as long
 * as the pod has it.
 */
final class ImagePlugin implements VolumePlugin {
    private final PodDirectories directories;
    private final VolumeImages images;

    ImagePlugin(PodDirectories directories, VolumeImages images) {
        this.directories = directories;
        this.images = images;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getImage() != null;
    }

    @Override
    public void setUp(Setup setup) throws IOException {
        Path choice = directories.image(setup.pod().uid(), setup.volume().getName());
        if (Files.exists(choice)) {
            return;
        }
        Image image = find(setup);
        Files.createDirectories(setup.directory());
        Files.createDirectories(choice.getParent());
        Path fresh = Files.writeString(choice.resolveSibling("." + choice.getFileName()), image.id());
        Files.move(fresh, choice, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Fetching it was planned before, where the policy wants that. */
    private Image find(Setup setup) {
        ImageVolumeSource wanted = setup.volume().getImage();
        String reference = Objects.requireNonNullElse(wanted.getReference(), "");
        if (reference.isEmpty()) {
            throw new VolumeProblem("image volume needs a reference");
        }
        return images.present(reference).orElseThrow(() -> absent(wanted, reference));
    }

    private static RuntimeException absent(ImageVolumeSource wanted, String reference) {
        PullPolicy policy = PullPolicy.parse(Objects.requireNonNullElse(wanted.getPullPolicy(), ""), reference);
        return policy == PullPolicy.NEVER
                ? new NodeException(
                        NodeException.Kind.TRANSIENT,
                        "ErrImageNeverPull",
                        "image \"%s\" is not present with pull policy of Never".formatted(reference))
                : new VolumeProblem("image \"%s\" was removed before the volume was made of it".formatted(reference));
    }

    /** Names of the pod's volumes whose image is chosen. */
    static Set<String> chosen(PodDirectories directories, String podUid) {
        return choices(directories.images(podUid))
                .map(choice -> choice.getFileName().toString())
                .filter(name -> !name.startsWith("."))
                .collect(Collectors.toSet());
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public Source source(DesiredPod pod, Volume volume, Path directory, String subPath) throws IOException {
        String id = Files.readString(directories.image(pod.uid(), volume.getName()));
        Image image = images.present(id)
                .orElseThrow(() -> new IOException(
                        "image %s of volume \"%s\" is no longer on this node".formatted(id, volume.getName())));
        return new ImageLayers(image.layers(), subPath);
    }

    /** Ids of the images that volumes of pods on this node are made of. */
    static Set<String> inUse(PodDirectories directories) {
        return directories.known().stream()
                .flatMap(uid -> choices(directories.images(uid)))
                .map(ImagePlugin::read)
                .collect(Collectors.toSet());
    }

    private static Stream<Path> choices(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException none) {
            return Stream.empty();
        }
    }

    private static String read(Path choice) {
        try {
            return Files.readString(choice);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
