package dev.keelson.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.image.Image;
import dev.keelson.node.pod.Pods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.ImageLayers;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePluginTest {
    @TempDir
    Path root;

    private final DesiredPod pod = Pods.desired(Pods.pod());
    private final Images images = new Images();
    private PodDirectories directories;
    private ImagePlugin plugin;

    /** A node's images by name and id. */
    private static final class Images implements VolumeImages {
        private final Map<String, Image> here = new HashMap<>();

        @Override
        public Optional<Image> present(String reference) {
            return Optional.ofNullable(here.get(reference));
        }

        void bring(String reference, String id) {
            Image image = new Image(id, List.of(reference), List.of(), 1, List.of(Path.of("/layers", id)), null);
            here.put(reference, image);
            here.put(id, image);
        }
    }

    @BeforeEach
    void makePlugin() {
        directories = new PodDirectories(root);
        plugin = new ImagePlugin(directories, images);
    }

    private void setUp(Volume volume) throws IOException {
        plugin.setUp(new VolumePlugin.Setup(
                pod,
                volume,
                directories.volume(pod.uid(), volume.getName()),
                Ownership.of(0, OptionalInt.empty()),
                List.of()));
    }

    private static Volume volume(String policy, String reference) {
        return new VolumeBuilder().withName("v").withNewImage(policy, reference).build();
    }

    private Object source(Volume volume) throws IOException {
        return plugin.source(pod, volume, directories.volume(pod.uid(), "v"), "sub");
    }

    @Test
    void imageIsChosenOnceAndKeptWhateverItsNameMeansLater() throws IOException {
        Volume volume = volume("Always", "reg.test/data:1");
        images.bring("reg.test/data:1", "sha256:1");
        setUp(volume);
        assertThat(ImagePlugin.chosen(directories, pod.uid())).containsExactly("v");
        images.bring("reg.test/data:1", "sha256:2");
        setUp(volume);
        assertThat(source(volume)).isEqualTo(new ImageLayers(List.of(Path.of("/layers/sha256:1")), "sub"));
        assertThat(ImagePlugin.inUse(directories)).containsExactly("sha256:1");
    }

    @Test
    void imageThatIsNotHereIsNamed() {
        Volume never = volume("Never", "reg.test/data:1");
        assertThatThrownBy(() -> setUp(never)).hasMessageContaining("is not present with pull policy of Never");
        Volume removed = volume("", "reg.test/data:1");
        assertThatThrownBy(() -> setUp(removed)).hasMessageContaining("reg.test/data:1\" was removed");
        assertThat(ImagePlugin.chosen(directories, pod.uid())).isEmpty();
    }

    @Test
    void whatAContainerWritesIntoAVolumeIsNoChoice() throws IOException {
        Path volume = Files.createDirectories(directories.volume(pod.uid(), "scratch"));
        Files.writeString(volume.resolve("image"), "sha256:planted");
        assertThat(ImagePlugin.inUse(directories)).isEmpty();
    }
}
