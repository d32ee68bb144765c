package dev.keelson.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Processes;
import dev.keelson.node.NodeException;
import dev.keelson.node.image.archive.WebExample;
import dev.keelson.node.image.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalImageServiceTest {
    @TempDir
    Path root;

    private static final String WEB = "keelson.dev/examples/web:";

    private final Set<String> inUse = new HashSet<>();
    private LocalImageService images;

    @BeforeEach
    void open() {
        images = service();
    }

    private LocalImageService service() {
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);
        return new LocalImageService(root, limits, RegistryOptions.DEFAULT, () -> inUse);
    }

    @AfterEach
    void close() {
        images.close();
    }

    @Test
    void loadedArchiveIsFoundByItsNamesWithSharedLayers() throws IOException {
        images.load(web());

        Image one = images.imageStatus("keelson.dev/examples/web:1").orElseThrow();
        Image two = images.imageStatus("keelson.dev/examples/web:2").orElseThrow();

        assertThat(one.layers()).hasSize(2);
        assertThat(one.layers().getFirst()).isEqualTo(two.layers().getFirst());
        assertThat(one.layers().getLast()).isNotEqualTo(two.layers().getLast());
        assertThat(Files.readString(two.layers().getLast().resolve("etc/web-version")))
                .isEqualTo("2\n");
        assertThat(one.config().entrypoint()).containsExactly("/web");
        assertThat(one.config().user()).isEqualTo("65532:65532");
        assertThat(images.imageStatus(one.id())).contains(one);
        assertThat(images.listImages()).hasSize(3);
    }

    @Test
    void tagMovesAndLeavesTheOldImageNameless() throws IOException {
        images.load(web());
        Image two = images.imageStatus(WEB + "2").orElseThrow();

        images.tag(WEB + "2", WEB + "1");

        assertThat(images.imageStatus(WEB + "1").orElseThrow().id()).isEqualTo(two.id());
        assertThat(images.imageStatus(two.id()).orElseThrow().references()).containsExactly(WEB + "1", WEB + "2");
        assertThat(images.listImages()).hasSize(3).anyMatch(image -> image.references()
                .isEmpty());
        assertThatThrownBy(() -> images.tag("nothing:1", "web:2")).hasMessageContaining("there is no image");
        assertThatThrownBy(() -> images.tag(WEB + "2", "web@" + two.id())).hasMessageContaining("a tag, not a digest");
    }

    @Test
    void removedImageTakesOnlyWhatNoOtherShares() throws IOException {
        images.load(web());
        Image one = images.imageStatus(WEB + "1").orElseThrow();

        images.removeImage(WEB + "1");

        assertThat(images.imageStatus(WEB + "1")).isEmpty();
        assertThat(one.layers().getFirst()).isDirectory();
        assertThat(one.layers().getLast()).doesNotExist();
        images.removeImage(WEB + "2");
        images.removeImage(WEB + "broken");
        assertThat(one.layers().getFirst()).doesNotExist();
        assertThatThrownBy(() -> images.removeImage(WEB + "1")).hasMessageContaining("there is no image");
    }

    @Test
    void oneOfTwoNamesIsRemovedWithoutTheImage() throws IOException {
        images.load(web());
        images.tag(WEB + "1", "web:again");

        images.removeImage(WEB + "1");

        assertThat(images.imageStatus("web:again")).isPresent();
    }

    @Test
    void imagesInUseAreKept() throws IOException {
        images.load(web());
        String running = images.imageStatus(WEB + "1").orElseThrow().id();
        inUse.add(running);

        assertThatThrownBy(() -> images.removeImage(WEB + "1"))
                .hasMessageContainingAll(WEB + "1", "containers on this node run from it");
        assertThat(images.prune(false).removed()).isEmpty();
        assertThat(images.prune(true).removed())
                .extracting(ImageSummary::references)
                .containsExactlyInAnyOrder(List.of(WEB + "2"), List.of(WEB + "broken"));
        assertThat(images.listImages()).singleElement().satisfies(image -> assertThat(image.id())
                .isEqualTo(running));
    }

    @Test
    void fullDiskCostsUnusedImagesAndNeverThoseInUse() throws IOException {
        images.load(web());
        inUse.add(images.imageStatus(WEB + "1").orElseThrow().id());
        images.close();
        ImageGcPlanner.Policy always = new ImageGcPlanner.Policy(0, 0, Duration.ZERO);
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);
        images = new LocalImageService(root, limits, RegistryOptions.DEFAULT, always, () -> inUse);

        ImageService.Collected collected = images.collectGarbage();

        assertThat(collected.removed()).hasSize(2);
        assertThat(collected.isEnough()).isFalse();
        assertThat(images.summaries()).singleElement().satisfies(image -> assertThat(image.references())
                .containsExactly(WEB + "1"));
        assertThat(images.imageStatus(WEB + "1").orElseThrow().layers())
                .allSatisfy(layer -> assertThat(layer).isDirectory());
    }

    @Test
    void severalImagesAreSavedInOneArchive(@TempDir Path elsewhere) throws IOException {
        images.load(web());
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        images.save(List.of(WEB + "1", WEB + "2"), saved);
        try (LocalImageService other = new LocalImageService(
                elsewhere, ImageLimits.DEFAULT.withReservedDiskBytes(0), RegistryOptions.DEFAULT, Set::of)) {
            other.load(new ByteArrayInputStream(saved.toByteArray()));

            assertThat(other.summaries())
                    .flatExtracting(ImageSummary::references)
                    .containsExactly(WEB + "1", WEB + "2");
        }
    }

    @Test
    void lostLayerIsUnpackedAgainAndLostBlobForgetsTheImage() throws IOException {
        images.load(web());
        Image one = images.imageStatus(WEB + "1").orElseThrow();
        images.close();
        Files.move(one.layers().getLast(), root.resolve("lost-layer"));
        Files.delete(root.resolve("blobs/sha256")
                .resolve(images.imageStatus(WEB + "2").orElseThrow().id().substring("sha256:".length())));

        images = service();

        assertThat(images.imageStatus(WEB + "1")).contains(one);
        assertThat(one.layers().getLast()).isDirectory();
        assertThat(images.imageStatus(WEB + "2")).isEmpty();
    }

    @Test
    void layersAreMarkedUntilTheDiskHasThem() throws IOException {
        images.load(web());
        images.close();

        assertThat(root.resolve("unsynced")).isEmptyDirectory();
    }

    @Test
    void afterACrashOfTheMachineMarkedLayersAreUnpackedAnew() throws IOException {
        images.load(web());
        Path layer = images.imageStatus(WEB + "2").orElseThrow().layers().getLast();
        images.close();
        Files.createFile(root.resolve("unsynced").resolve(layer.getFileName() + ".an-earlier-boot"));
        Files.writeString(layer.resolve("etc/web-version"), "");

        images = service();

        assertThat(layer.resolve("etc/web-version")).hasContent("2");
        images.close();
        assertThat(root.resolve("unsynced")).isEmptyDirectory();
    }

    @Test
    void afterACrashOfTheAgentMarkedLayersStay() throws IOException {
        images.load(web());
        Path layer = images.imageStatus(WEB + "2").orElseThrow().layers().getLast();
        images.close();
        Files.createFile(root.resolve("unsynced").resolve(layer.getFileName() + "." + Processes.bootId()));
        Files.writeString(layer.resolve("etc/web-version"), "as it was");

        images = service();

        assertThat(layer.resolve("etc/web-version")).hasContent("as it was");
        images.close();
        assertThat(root.resolve("unsynced")).isEmptyDirectory();
    }

    @Test
    void damagedListOfImagesDoesNotStopTheAgent() throws IOException {
        images.load(web());
        images.close();
        Files.writeString(root.resolve("images.json"), "{\"images\":");

        images = service();

        assertThat(images.listImages()).isEmpty();
        assertThat(root.resolve("images.json.damaged")).exists();
        assertThat(images.load(web())).hasSize(3);
    }

    @Test
    void diskReserveIsNeverTouched() {
        images.close();
        ImageLimits greedy = ImageLimits.DEFAULT.withReservedDiskBytes(Long.MAX_VALUE);
        images = new LocalImageService(root, greedy, RegistryOptions.DEFAULT, () -> inUse);

        assertThatThrownBy(() -> images.load(web()))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.kind()).isEqualTo(NodeException.Kind.TRANSIENT))
                .hasMessageContainingAll("no room for image content", "stay reserved");
    }

    @Test
    void savedImageLoadsElsewhereWithTheSameDigest(@TempDir Path elsewhere) throws IOException {
        images.load(web());
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        images.save(List.of("keelson.dev/examples/web:2"), saved);

        try (LocalImageService other =
                new LocalImageService(elsewhere, ImageLimits.DEFAULT, RegistryOptions.DEFAULT, Set::of)) {
            List<Image> loaded = other.load(new ByteArrayInputStream(saved.toByteArray()));

            assertThat(loaded).singleElement().satisfies(image -> {
                assertThat(image.references()).containsExactly("keelson.dev/examples/web:2");
                assertThat(image.id())
                        .isEqualTo(images.imageStatus("keelson.dev/examples/web:2")
                                .orElseThrow()
                                .id());
            });
        }
    }

    private static ByteArrayInputStream web() throws IOException {
        return new ByteArrayInputStream(WebExample.archive("program".getBytes(StandardCharsets.UTF_8)));
    }
}
