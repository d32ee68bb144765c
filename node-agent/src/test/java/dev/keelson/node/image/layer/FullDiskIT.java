package dev.keelson.node.image.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.archive.ImageBuilder;
import dev.keelson.node.image.archive.ImageBuilder.Recipe;
import dev.keelson.node.image.oci.Platform;
import dev.keelson.node.image.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that do not fit on a small disk of their own: a clear error, and all the room is back afterwards. */
class FullDiskIT {
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(root.resolve("disk"));
        Process mount = new ProcessBuilder(
                        "mount", "-t", "tmpfs", "-o", "size=24m,nr_inodes=2000", "tmpfs", disk.toString())
                .start();
        assertThat(mount.waitFor()).isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        new ProcessBuilder("umount", "-q", disk.toString()).start().waitFor();
    }

    private static byte[] archive(byte[] layer) throws IOException {
        ImageBuilder builder = new ImageBuilder(Platform.current());
        builder.add(new Recipe(List.of(layer), List.of("/a"), List.of(), List.of(), "", Map.of(), List.of("big:1")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        builder.writeTo(bytes);
        return bytes.toByteArray();
    }

    private LocalImageService service(long reserve) {
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(reserve);
        return new LocalImageService(disk.resolve("images"), limits, RegistryOptions.DEFAULT, Set::of);
    }

    private void assertRefusedWithoutTrace(byte[] archive, long reserve, String words) throws IOException {
        try (LocalImageService images = service(reserve)) {
            long before = Files.getFileStore(disk).getUsableSpace();
            assertThatThrownBy(() -> images.load(new ByteArrayInputStream(archive)))
                    .isInstanceOfSatisfying(
                            NodeException.class, e -> assertThat(e.kind()).isEqualTo(NodeException.Kind.TRANSIENT))
                    .hasMessageContaining(words);
            images.prune(true);
            assertThat(Files.getFileStore(disk).getUsableSpace()).isGreaterThanOrEqualTo(before - 64 * 1024);
            byte[] small = archive(new TarBytes().file("a", "x").build());
            assertThat(images.load(new ByteArrayInputStream(small))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {15 * MIB, 30 * MIB})
    void imageThatDoesNotFitIsRefusedWhileItIsStoredOrUnpacked(long size) throws IOException {
        byte[] layer = new TarBytes().file("a", "x".repeat((int) size)).build();

        assertRefusedWithoutTrace(archive(layer), 0, "the disk is full");
    }

    @Test
    void imageWithMoreFilesThanTheDiskHasInodesIsRefused() throws IOException {
        TarBytes tar = new TarBytes();
        for (int i = 0; i < 3000; i++) {
            tar.file("f" + i, "");
        }

        assertRefusedWithoutTrace(archive(tar.build()), 0, "the disk is full");
    }

    @Test
    void reserveIsKept() throws IOException {
        byte[] layer = new TarBytes().file("a", "x".repeat(20 << 20)).build();

        assertRefusedWithoutTrace(archive(layer), 8 * MIB, "stay reserved");
    }
}
