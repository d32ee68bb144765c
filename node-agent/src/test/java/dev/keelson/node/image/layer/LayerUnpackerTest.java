package dev.keelson.node.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.TarBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an honest layer looks like once it is unpacked. Needs root for owners, whiteouts and capabilities. */
class LayerUnpackerTest {
    @TempDir
    Path root;

    private LayerFixture layers;

    @BeforeEach
    void open() throws IOException {
        layers = new LayerFixture(root);
    }

    private static Object unix(Path file, String attribute) throws IOException {
        return Files.getAttribute(file, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void filesKeepOwnerModeAndTime() throws IOException {
        Path layer = layers.add(new TarBytes()
                .directory("bin", 0750)
                .file("bin/su", "program", 04755, 0, 0, Map.of())
                .file("data", "x", 0640, 1000, 70000, Map.of("mtime", "1500000000.25"))
                .build());

        assertThat((int) unix(layer.resolve("bin/su"), "mode") & 07777).isEqualTo(04755);
        assertThat((int) unix(layer.resolve("bin"), "mode") & 07777).isEqualTo(0750);
        assertThat(unix(layer.resolve("data"), "uid")).isEqualTo(1000);
        assertThat(unix(layer.resolve("data"), "gid")).isEqualTo(70000);
        assertThat(Files.getLastModifiedTime(layer.resolve("data")).toInstant())
                .isEqualTo(java.time.Instant.ofEpochSecond(1_500_000_000, 250_000_000));
        assertThat(Files.getLastModifiedTime(layer.resolve("bin"))).isEqualTo(FileTime.fromMillis(1_600_000_000_000L));
    }

    @Test
    void linksStayLinks() throws IOException {
        Path layer = layers.add(new TarBytes()
                .file("a", "x")
                .hardLink("b", "a")
                .symbolicLink("c", "/somewhere/else")
                .build());

        assertThat(unix(layer.resolve("a"), "ino")).isEqualTo(unix(layer.resolve("b"), "ino"));
        assertThat(Files.readSymbolicLink(layer.resolve("c"))).hasToString("/somewhere/else");
    }

    @Test
    void fileCapabilitiesKeepEveryByte() throws IOException {
        // cap_net_bind_service and cap_setgid, effective: the bytes are no valid text.
        byte[] capability = HexFormat.of().parseHex("0100000240040000800000000000000000000000");
        String record =
                " SCHILY.xattr.security.capability=" + new String(capability, StandardCharsets.ISO_8859_1) + "\n";
        Path layer = layers.add(new TarBytes()
                .pax((record.length() + 2) + record)
                .file("ping", "program")
                .build());

        assertThat(getcap(layer.resolve("ping"))).isEqualTo(capability);
    }

    private static byte[] getcap(Path file) throws IOException {
        Process getfattr = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import os,sys;sys.stdout.buffer.write(os.getxattr(sys.argv[1],'security.capability'))",
                        file.toString())
                .start();
        return getfattr.getInputStream().readAllBytes();
    }

    @Test
    void whiteoutHidesWhatLiesBelow() throws IOException {
        layers.add(new TarBytes().file("etc/old", "x").file("etc/kept", "x").build());
        Path layer = layers.add(
                new TarBytes().file("etc/.wh.old", "").file("etc/.wh.never", "").build());

        assertThat(unix(layer.resolve("etc/old"), "mode")).isEqualTo(0020000);
        assertThat(unix(layer.resolve("etc/old"), "rdev")).isEqualTo(0L);
        assertThat(layer.resolve("etc/.wh.old")).doesNotExist();
        assertThat(Files.exists(layer.resolve("etc/never"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void fileOfTheSameLayerWinsOverItsWhiteout() throws IOException {
        layers.add(new TarBytes()
                .file("a", "x")
                .file("b", "x")
                .file("c/old", "x")
                .file("d/old", "x")
                .build());
        Path layer = layers.add(new TarBytes()
                .file(".wh.a", "")
                .file("a", "new")
                .file("b", "new")
                .file(".wh.b", "")
                .file(".wh.c", "")
                .directory("c", 0755)
                .file(".wh.d", "")
                .file("d/new", "x")
                .build());

        assertThat(layer.resolve("a")).hasContent("new");
        assertThat(layer.resolve("b")).hasContent("new");
        assertThat(layer.resolve("c")).isDirectory();
        assertThat(layer.resolve("d/new")).hasContent("x");
        assertThat(isOpaque(layer.resolve("c"))).isTrue();
        assertThat(isOpaque(layer.resolve("d"))).isTrue();
    }

    @Test
    void opaqueMarkerHidesEverythingBelowTheDirectory() throws IOException {
        layers.add(new TarBytes().file("var/old", "x").build());
        Path layer = layers.add(
                new TarBytes().file("var/new", "x").file("var/.wh..wh..opq", "").build());

        assertThat(isOpaque(layer.resolve("var"))).isTrue();
        assertThat(isOpaque(layer)).isFalse();
        assertThat(layers.directories()).hasSize(2);
    }

    @Test
    void layerWithOpaqueTopHidesAllLayersBelow() throws IOException {
        layers.add(new TarBytes().file("old", "x").build());
        Path layer = layers.add(
                new TarBytes().file(".wh..wh..opq", "").file("new", "x").build());

        assertThat(layers.directories()).containsExactly(layer);
    }

    private static boolean isOpaque(Path directory) throws IOException {
        Process python = new ProcessBuilder(
                        "python3", "-c", "import os,sys;print(os.listxattr(sys.argv[1]))", directory.toString())
                .start();
        return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .contains("trusted.overlay.opaque");
    }

    @Test
    void directoryThatIsOnlyImpliedLooksLikeTheOneBelow() throws IOException {
        layers.add(new TarBytes().directory("tmp", 01777).build());
        Path layer = layers.add(
                new TarBytes().file("tmp/new", "x").file("other/new", "x").build());

        assertThat((int) unix(layer.resolve("tmp"), "mode") & 07777).isEqualTo(01777);
        assertThat((int) unix(layer.resolve("other"), "mode") & 07777).isEqualTo(0755);
    }

    @Test
    void longNamesAndNamesThatAreNoTextAreKept() throws IOException {
        String longName = "directory/".repeat(30) + "f".repeat(200);
        Path layer = layers.add(new TarBytes()
                .file(longName, "long")
                .pax("10 path=\u00ff\n")
                .file("placeholder", "bytes")
                .build());

        assertThat(layer.resolve(longName)).hasContent("long");
        assertThat(listBytes(layer)).contains("ff");
    }

    private static String listBytes(Path directory) throws IOException {
        Process python = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import os,sys;print([n.hex() for n in os.listdir(sys.argv[1].encode())])",
                        directory.toString())
                .start();
        return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void sparseFilesOfGnuTarKeepTheirHoles(@TempDir Path work) throws Exception {
        Path file = work.resolve("sparse");
        try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            for (int i = 0; i < 40; i++) {
                channel.write(java.nio.ByteBuffer.wrap(("piece" + i).getBytes(StandardCharsets.UTF_8)), i * 1_000_000L);
            }
        }
        for (String format : new String[] {
            "--format=gnu",
            "--format=posix --sparse-version=0.0",
            "--format=posix --sparse-version=0.1",
            "--format=posix --sparse-version=1.0"
        }) {
            Path tar = work.resolve("sparse.tar");
            Process process = new ProcessBuilder("sh", "-c", "tar -S " + format + " -cf sparse.tar sparse")
                    .directory(work.toFile())
                    .start();
            assertThat(process.waitFor()).isZero();

            Path layer = new LayerFixture(Files.createTempDirectory(work, "layer")).add(Files.readAllBytes(tar));

            assertThat(Files.mismatch(layer.resolve("sparse"), file)).as(format).isEqualTo(-1);
            assertThat(blocks(layer.resolve("sparse"))).as(format).isLessThan(2000);
        }
    }

    private static long blocks(Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    @Test
    void gzipAndZstdUnpackAlike() throws IOException {
        byte[] tar = new TarBytes().file("a", "x").build();

        assertThat(layers.add(TarBytes.gzip(tar), tar).resolve("a")).hasContent("x");
        assertThat(layers.add(com.github.luben.zstd.Zstd.compress(tar), tar).resolve("a"))
                .hasContent("x");
    }

    @Test
    void layerIsUnpackedOnceAndUnfinishedWorkIsClearedByTheNextStart() throws IOException {
        Path first = layers.add(new TarBytes().file("a", "x").build());
        Files.createDirectories(root.resolve("snapshots/unfinished-x/layer/deep"));

        LayerFixture again = new LayerFixture(root);
        Path second = again.add(new TarBytes().file("a", "x").build());

        assertThat(second).isEqualTo(first);
        assertThat(again.snapshots()).containsExactly(first);
    }

    @Test
    void layersAreClosedToOtherUsers() throws IOException {
        layers.add(new TarBytes().file("su", "x", 04755, 0, 0, Map.of()).build());

        assertThat((int) unix(root.resolve("snapshots"), "mode") & 077).isZero();
    }
}
