package dev.keelson.node.image.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.TarBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that were made to do harm: refused with the name of the entry, or harmless, and nothing is left half done. */
class HostileLayerTest {
    @TempDir
    Path root;

    @TempDir
    Path outside;

    private LayerFixture layers;

    @BeforeEach
    void open() throws IOException {
        layers = new LayerFixture(root);
    }

    private void assertRefused(byte[] tar, String... words) throws IOException {
        assertRefused(tar, tar, words);
    }

    private void assertRefused(byte[] blob, byte[] tar, String... words) throws IOException {
        assertThatThrownBy(() -> layers.add(blob, tar))
                .isInstanceOfSatisfying(NodeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(NodeException.Kind.INVALID);
                    assertThat(e.reason()).isEqualTo("ErrImagePull");
                })
                .hasMessageContainingAll(words);
        assertThat(layers.snapshots()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/../evil", "a/..", "..", "./../x"})
    void entryThatClimbsOutIsRefused(String path) throws IOException {
        assertRefused(new TarBytes().file(path, "x").build(), path, "leads out of the layer");
    }

    @Test
    void absolutePathStaysInsideTheLayer() throws IOException {
        Path layer = layers.add(new TarBytes().file("/etc/evil", "x").build());

        assertThat(layer.resolve("etc/evil")).hasContent("x");
    }

    @Test
    void entryThroughAbsoluteLinkStaysInsideTheLayer() throws IOException {
        Path layer = layers.add(new TarBytes()
                .directory(outside.toString(), 0755)
                .symbolicLink("escape", outside.toString())
                .file("escape/evil", "x")
                .build());

        assertThat(outside).isEmptyDirectory();
        assertThat(layer.resolve(outside.toString().substring(1)).resolve("evil"))
                .hasContent("x");
    }

    @Test
    void entryThroughClimbingLinkStaysInsideTheLayer() throws IOException {
        Path layer = layers.add(new TarBytes()
                .symbolicLink("up", "../../../../../../..")
                .file("up/evil", "x")
                .build());

        assertThat(layer.resolve("evil")).hasContent("x");
        assertThat(root.resolve("evil")).doesNotExist();
    }

    @Test
    void entryThroughLinkToNothingIsRefused() throws IOException {
        assertRefused(
                new TarBytes()
                        .symbolicLink("escape", outside.toString())
                        .file("escape/evil", "x")
                        .build(),
                "\"escape\"",
                "a later entry goes through it");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void entryThroughLinkChainInACircleIsRefused() throws IOException {
        assertRefused(
                new TarBytes()
                        .symbolicLink("a", "b")
                        .symbolicLink("b", "a")
                        .file("a/evil", "x")
                        .build(),
                "\"a\"");
    }

    @Test
    void fileOverLinkReplacesTheLinkAndNotItsTarget() throws IOException {
        Path victim = Files.writeString(outside.resolve("victim"), "before");
        Path layer = layers.add(new TarBytes()
                .symbolicLink("link", victim.toString())
                .file("link", "after")
                .build());

        assertThat(victim).hasContent("before");
        assertThat(layer.resolve("link")).isRegularFile();
    }

    @Test
    void directoryOverLinkDoesNotTouchTheTarget() throws IOException {
        Path layer = layers.add(new TarBytes()
                .symbolicLink("link", outside.toString())
                .directory("link", 0777)
                .file("link/evil", "x")
                .build());

        assertThat(outside).isEmptyDirectory();
        assertThat(layer.resolve("link")).isDirectory();
        assertThat(Files.isSymbolicLink(layer.resolve("link"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../../../../../etc/passwd", "a/../../b"})
    void hardLinkThatClimbsOutIsRefused(String target) throws IOException {
        assertRefused(new TarBytes().hardLink("stolen", target).build(), target, "leads out of the layer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "etc/passwd", "nowhere"})
    void hardLinkToWhatTheLayerDoesNotHaveIsRefused(String target) throws IOException {
        assertRefused(
                new TarBytes().hardLink("stolen", target).build(), "\"stolen\"", target, "not in this layer before it");
    }

    @Test
    void hardLinkThroughLinkToOutsideIsRefused() throws IOException {
        Files.writeString(outside.resolve("secret"), "secret");

        assertRefused(
                new TarBytes()
                        .symbolicLink("out", outside.toString())
                        .hardLink("stolen", "out/secret")
                        .build(),
                "\"stolen\"",
                "not in this layer before it");
    }

    @Test
    void hardLinkToSymbolicLinkLinksTheLinkItself() throws IOException {
        Path secret = Files.writeString(outside.resolve("secret"), "secret");
        Path layer = layers.add(new TarBytes()
                .symbolicLink("out", secret.toString())
                .hardLink("stolen", "out")
                .file("stolen", "overwritten")
                .build());

        assertThat(secret).hasContent("secret");
        assertThat(layer.resolve("stolen")).isRegularFile();
    }

    @Test
    void hardLinkToDirectoryIsRefused() throws IOException {
        assertRefused(
                new TarBytes().directory("dir", 0755).hardLink("again", "dir").build(), "\"again\"", "to a directory");
    }

    @Test
    void hardLinkToItselfKeepsTheFile() throws IOException {
        Path layer = layers.add(
                new TarBytes().file("same", "x").hardLink("same", "./same").build());

        assertThat(layer.resolve("same")).hasContent("x");
    }

    @Test
    void deviceNodesAreRefusedByName() throws IOException {
        assertRefused(
                new TarBytes().device("dev/sda", TarConstants.LF_BLK, 8, 0).build(),
                "\"dev/sda\"",
                "block device 8:0",
                "may not bring devices");
        assertRefused(
                new TarBytes().device("data/mem", TarConstants.LF_CHR, 1, 1).build(),
                "\"data/mem\"",
                "character device 1:1");
        assertRefused(
                new TarBytes().device("data/null", TarConstants.LF_CHR, 1, 3).build(), "\"data/null\"");
    }

    @Test
    void devicesThatEveryContainerGetsAreLeftOut() throws IOException {
        Path layer = layers.add(
                new TarBytes().device("dev/null", TarConstants.LF_CHR, 1, 3).build());

        assertThat(layer.resolve("dev/null")).doesNotExist();
    }

    @Test
    void fileAsDirectoryIsRefused() throws IOException {
        assertRefused(new TarBytes().file("a", "x").file("a/b", "y").build(), "\"a\"", "a later entry goes through it");
    }

    @Test
    void laterEntryWinsWhateverStoodThere() throws IOException {
        Path layer = layers.add(new TarBytes()
                .file("a", "first")
                .file("a", "second")
                .directory("b", 0755)
                .file("b/c", "x")
                .file("b", "file now")
                .file("d", "x")
                .directory("d", 0755)
                .file("d/e", "inside")
                .build());

        assertThat(layer.resolve("a")).hasContent("second");
        assertThat(layer.resolve("b")).hasContent("file now");
        assertThat(layer.resolve("d/e")).hasContent("inside");
    }

    @Test
    void namesBeyondTheFileSystemAreRefused() throws IOException {
        assertRefused(new TarBytes().file("n".repeat(256), "x").build(), "longer than 255 bytes");
        assertRefused(new TarBytes().file("n/".repeat(2500) + "x", "x").build(), "longer than 4095 bytes");
        assertRefused(new TarBytes().symbolicLink("link", "t".repeat(5000)).build(), "\"link\"", "too long");
    }

    @Test
    void deepTreeMadeThroughLinksIsRemovedAgain() throws IOException {
        TarBytes tar = new TarBytes();
        String deep = "d/".repeat(1000);
        tar.directory(deep, 0755).symbolicLink("l0", deep);
        for (int i = 1; i < 4; i++) {
            tar.directory("l" + (i - 1) + "/" + deep, 0755);
            tar.symbolicLink("l" + i, "l" + (i - 1) + "/" + deep);
        }
        // The bad end makes the whole layer go away again.
        assertRefused(tar.file("../evil", "x").build(), "leads out of the layer");
    }

    @Test
    void whiteoutsOfNothingAreRefused() throws IOException {
        assertRefused(new TarBytes().file(".wh.", "").build(), "whiteout of nothing");
        assertRefused(new TarBytes().file("a/.wh...", "").build(), "whiteout of nothing");
        assertRefused(new TarBytes().file(".wh.a/b", "").build(), "inside a whiteout");
    }

    @Test
    void layerBombIsRefusedByItsRatio() throws IOException {
        byte[] tar = new TarBytes().file("zeros", "\0".repeat(20 << 20)).build();
        layers.limits(ImageLimits.DEFAULT.withReservedDiskBytes(0).withCompressionRatio(100, 1 << 20));

        assertRefused(TarBytes.gzip(tar), tar, "more than 100 times its size", "bomb");
    }

    @Test
    void layerBombIsRefusedByItsSize() throws IOException {
        layers.limits(ImageLimits.DEFAULT.withReservedDiskBytes(0).withUnpackedBytes(1000));

        assertRefused(
                new TarBytes()
                        .file("a", "x".repeat(600))
                        .file("b", "x".repeat(600))
                        .build(),
                "more than 1000 bytes",
                "bomb");
    }

    @Test
    void layerBombOfEmptyFilesIsRefusedByTheirNumber() throws IOException {
        layers.limits(ImageLimits.DEFAULT.withReservedDiskBytes(0).withEntries(10));
        TarBytes tar = new TarBytes();
        for (int i = 0; i < 11; i++) {
            tar.file("f" + i, "");
        }

        assertRefused(tar.build(), "more than 10 files", "bomb");
        assertRefused(new TarBytes().file("d/".repeat(20) + "f", "").build(), "more than 10 files");
    }

    @Test
    void hugeSparseFileCountsAsWhatItClaims() throws IOException {
        byte[] tar = new TarBytes()
                .pax(Map.of(
                        "GNU.sparse.major", "1",
                        "GNU.sparse.minor", "0",
                        "GNU.sparse.name", "hole",
                        "GNU.sparse.realsize", Long.toString(1L << 50)))
                .file("hole", "1\n0\n0\n" + "\0".repeat(506))
                .build();

        assertRefused(tar, "bomb");
    }

    @Test
    void damagedGzipIsRefused() throws IOException {
        byte[] tar = new TarBytes().file("a", "x".repeat(5000)).build();
        byte[] packed = TarBytes.gzip(tar);
        byte[] flipped = packed.clone();
        flipped[packed.length / 2] ^= 0x55;

        assertRefused(Arrays.copyOf(packed, packed.length / 2), tar, "refused");
        assertRefused(flipped, tar, "layer sha256:");
    }

    @Test
    void truncatedTarIsRefused() throws IOException {
        byte[] tar = new TarBytes().file("a", "x".repeat(5000)).build();

        assertRefused(Arrays.copyOf(tar, 3000), "ends in the middle of a file");
        assertRefused(Arrays.copyOf(tar, 300), "ends in the middle of a header");
    }

    @Test
    void wrongDiffIdIsRefused() throws IOException {
        byte[] tar = new TarBytes().file("a", "x").build();
        byte[] other = new TarBytes().file("a", "y").build();

        assertRefused(tar, other, "diff_id", "expected");
    }

    @Test
    void bytesBehindTheArchivesEndCountForTheDiffId() throws IOException {
        byte[] tar = new TarBytes().file("a", "x").build();
        byte[] longer = Arrays.copyOf(tar, tar.length + 2048);

        assertRefused(longer, tar, "diff_id");
        assertThat(layers.add(longer).resolve("a")).hasContent("x");
    }

    @Test
    void noiseIsRefused() throws IOException {
        byte[] noise = "this is not a tar archive at all ".repeat(100).getBytes(StandardCharsets.UTF_8);

        assertRefused(noise, "layer sha256:");
    }

    @Test
    void unknownEntryTypeIsRefused() throws IOException {
        TarArchiveEntry volume = new TarArchiveEntry("label", (byte) 'V');

        assertRefused(new TarBytes().raw(volume, new byte[0]).build(), "label", "unknown entry type");
    }

    @Test
    void impossibleOwnerIsRefused() throws IOException {
        assertRefused(
                new TarBytes().file("a", "x", 0644, 0xffffffffL, 0, Map.of()).build(), "\"a\"", "impossible owner");
    }

    @Test
    void hostileAttributesAreLeftOut() throws IOException {
        Path layer = layers.add(new TarBytes()
                .file(
                        "a",
                        "x",
                        0644,
                        0,
                        0,
                        Map.of(
                                "SCHILY.xattr.trusted.overlay.redirect", "/etc",
                                "SCHILY.xattr.user.overlay.opaque", "y",
                                "SCHILY.xattr.user.kept", "yes"))
                .build());

        Object attributes = Files.getAttribute(layer.resolve("a"), "user:kept", LinkOption.NOFOLLOW_LINKS);
        assertThat((byte[]) attributes).isEqualTo("yes".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Files.getAttribute(layer.resolve("a"), "user:overlay.opaque"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void malformedExtendedHeaderIsRefused() throws IOException {
        for (String records : new String[] {"99 path=x\n", "x path=y\n", "8 pathy\n", "6 a=b", "0 a=b\n"}) {
            assertRefused(new TarBytes().pax(records).file("a", "x").build(), "extended header");
        }
    }

    @Test
    void zeroByteInAnExtendedNameIsRefused() throws IOException {
        assertRefused(new TarBytes().pax("11 path=a\0\n").file("a", "x").build(), "zero byte");
    }

    @Test
    void attributeThatDoesNotFitIsRefusedWithItsName() throws IOException {
        assertRefused(
                new TarBytes()
                        .file("a", "x", 0644, 0, 0, Map.of("SCHILY.xattr.user.big", "v".repeat(100_000)))
                        .build(),
                "\"a\"",
                "user.big",
                "100000 bytes");
    }
}
