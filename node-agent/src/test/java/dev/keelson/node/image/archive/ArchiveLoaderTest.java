package dev.keelson.node.image.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveLoaderTest {
    @TempDir
    Path root;

    private LocalImageService images;

    @BeforeEach
    void open() {
        images = service();
    }

    private LocalImageService service() {
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);
        return new LocalImageService(root, limits, RegistryOptions.DEFAULT, Set::of);
    }

    @AfterEach
    void close() {
        images.close();
    }

    private List<Image> load(byte[] archive) {
        return images.load(new ByteArrayInputStream(archive));
    }

    private void assertRefused(byte[] archive, String... words) throws IOException {
        assertThatThrownBy(() -> load(archive))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.kind()).isEqualTo(NodeException.Kind.INVALID))
                .hasMessageContainingAll(words);
        assertThat(images.listImages()).isEmpty();
        images.prune(true);
        // Until a layer is on disk its name stands in a file; whoever closes waits for that.
        images.close();
        assertThat(filesLeft()).isEmpty();
    }

    private List<Path> filesLeft() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("images.json"))
                    .toList();
        }
    }

    private static final byte[] LAYER = new TarBytes().file("a", "x").build();

    private static String config(byte[]... layers) {
        List<String> diffIds = Arrays.stream(layers)
                .map(layer -> "\"" + Digest.sha256(layer) + "\"")
                .toList();
        return "{\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + String.join(",", diffIds) + "]}}";
    }

    private static TarBytes bytes(TarBytes tar, String path, byte[] content) {
        return tar.raw(new org.apache.commons.compress.archivers.tar.TarArchiveEntry(path), content);
    }

    /** As Docker before version 25 saves: a directory per layer, a shared layer once with a link to it. */
    private static byte[] legacyDockerArchive() {
        TarBytes tar = new TarBytes().directory("1111", 0755).file("1111/VERSION", "1.0");
        bytes(tar, "1111/layer.tar", LAYER);
        return tar.directory("2222", 0755)
                .symbolicLink("2222/layer.tar", "../1111/layer.tar")
                .file("3333.json", config(LAYER, LAYER))
                .file("repositories", "{}")
                .file("manifest.json", """
                        [{"Config":"3333.json","RepoTags":["web:1","reg.local/web:1"],
                          "Layers":["1111/layer.tar","2222/layer.tar"]},
                         {"Config":"3333.json","RepoTags":null,"Layers":["1111/layer.tar","2222/layer.tar"]}]""")
                .build();
    }

    @Test
    void legacyDockerArchiveWithLinkedLayersIsLoaded() {
        assertThat(load(legacyDockerArchive())).singleElement().satisfies(image -> {
            assertThat(image.references()).containsExactly("docker.io/library/web:1", "reg.local/web:1");
            assertThat(image.layers()).hasSize(2);
        });
        assertThat(images.imageStatus("web:1")).isPresent();
    }

    @Test
    void equalDockerArchivesGiveEqualImages() {
        Image first = load(legacyDockerArchive()).getFirst();

        assertThat(load(TarBytes.gzip(legacyDockerArchive())).getFirst()).isEqualTo(first);
        assertThat(images.listImages()).hasSize(1);
    }

    @Test
    void imagesAreThereAfterAReopening() {
        Image before = load(legacyDockerArchive()).getFirst();
        images.close();
        images = service();

        assertThat(images.listImages()).containsExactly(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300, 511, 512, 1000, 3000, 5000})
    void truncatedArchivesAreRefused(int length) throws IOException {
        assertRefused(Arrays.copyOf(legacyDockerArchive(), length), "archive");
    }

    @Test
    void truncatedCompressedArchiveIsRefused() throws IOException {
        byte[] packed = TarBytes.gzip(legacyDockerArchive());

        assertRefused(Arrays.copyOf(packed, packed.length - 20), "the image archive is damaged");
    }

    @Test
    void archiveOfSomethingElseIsRefused() throws IOException {
        assertRefused(new TarBytes().file("readme", "x").build(), "no image archive", "docker save");
        assertRefused("hello".repeat(1000).getBytes(StandardCharsets.UTF_8), "damaged or no tar");
    }

    @Test
    void archiveThatLacksALayerIsRefused() throws IOException {
        byte[] archive = new TarBytes()
                .file("c.json", config(LAYER))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"gone/layer.tar\"]}]")
                .build();

        assertRefused(archive, "gone/layer.tar", "manifest.json");
    }

    @Test
    void layerThatIsNotTheConfiguredOneIsRefused() throws IOException {
        TarBytes tar =
                bytes(new TarBytes(), "l.tar", new TarBytes().file("a", "other").build());
        byte[] archive = tar.file("c.json", config(LAYER))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"web:1\"],\"Layers\":[\"l.tar\"]}]")
                .build();

        assertRefused(archive, "web:1", "diff_id");
    }

    @Test
    void layerCountMustMatchTheConfiguration() throws IOException {
        byte[] archive = bytes(new TarBytes(), "l.tar", LAYER)
                .file("c.json", config(LAYER, LAYER))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"]}]")
                .build();

        assertRefused(archive, "1 layers", "2 diff_ids");
    }

    @Test
    void blobUnderAWrongNameIsRefused() throws IOException {
        byte[] archive = new TarBytes()
                .file("blobs/sha256/" + "0".repeat(64), "other content")
                .build();

        assertRefused(archive, "blobs/sha256/000", "is not what its name says");
    }

    @Test
    void hostileLayerInAnArchiveIsRefusedAndNothingStays() throws IOException {
        byte[] evil = new TarBytes().file("../evil", "x").build();
        byte[] archive = bytes(bytes(new TarBytes(), "good.tar", LAYER), "evil.tar", evil)
                .file("c.json", config(LAYER, evil))
                .file(
                        "manifest.json",
                        "[{\"Config\":\"c.json\",\"RepoTags\":[\"web:1\"],\"Layers\":[\"good.tar\",\"evil.tar\"]}]")
                .build();

        assertRefused(archive, "web:1", "../evil");
    }

    @Test
    void imageForAnotherMachineIsRefused() throws IOException {
        byte[] archive = bytes(new TarBytes(), "l.tar", LAYER)
                .file("c.json", config(LAYER).replace("\"os\"", "\"architecture\":\"s390x\",\"os\""))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"web:1\"],\"Layers\":[\"l.tar\"]}]")
                .build();

        assertRefused(archive, "linux/s390x", "this node is");
    }

    @Test
    void badNameInAnArchiveIsRefused() throws IOException {
        byte[] archive = bytes(new TarBytes(), "l.tar", LAYER)
                .file("c.json", config(LAYER))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"../etc\"],\"Layers\":[\"l.tar\"]}]")
                .build();

        assertRefused(archive, "is not an image name");
    }

    @Test
    void layoutOfAnotherVersionOrWithoutIndexIsRefused(@TempDir Path layout) throws IOException {
        assertThatThrownBy(() -> images.loadLayout(layout)).hasMessageContaining("is no OCI layout");
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"9.0\"}");
        assertThatThrownBy(() -> images.loadLayout(layout)).hasMessageContaining("layout version \"9.0\"");
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThatThrownBy(() -> images.loadLayout(layout)).hasMessageContaining("index.json");
    }

    @Test
    void exampleArchiveIsAlwaysTheSame() throws IOException {
        byte[] program = {1, 2, 3};

        assertThat(WebExample.archive(program)).isEqualTo(WebExample.archive(program));
    }
}
