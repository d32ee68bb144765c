package dev.keelson.node.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good archives with some bytes changed: read or refused, never anything else. The seed is in every failure. */
class MutatedLayerTest {
    private static final int CHECKSUM = 148;

    private static final byte[] GOOD = new TarBytes()
            .directory("bin", 0755)
            .file("bin/program", "x".repeat(2000), 04755, 0, 0, Map.of("SCHILY.xattr.user.a", "b"))
            .hardLink("bin/again", "bin/program")
            .symbolicLink("lib", "bin")
            .file("lib/through", "link")
            .file("long/".repeat(40) + "name", "x")
            .pax(Map.of(
                    "GNU.sparse.major",
                    "1",
                    "GNU.sparse.minor",
                    "0",
                    "GNU.sparse.name",
                    "hole",
                    "GNU.sparse.realsize",
                    "4096"))
            .file("hole", "1\n1024\n4\n" + "\0".repeat(503) + "data")
            .file("bin/.wh.old", "")
            .file("etc/.wh..wh..opq", "")
            .device("fifo", TarConstants.LF_FIFO, 0, 0)
            .build();

    private static byte[] mutated(long seed) {
        Random random = new Random(seed);
        byte[] bytes = GOOD.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextInt(3) == 0 ? (byte) "0/.=9 \n".charAt(random.nextInt(7)) : (byte) random.nextInt();
            mendChecksum(bytes, at / 512 * 512);
        }
        return bytes;
    }

    /** With the sum right again, a changed header is looked at instead of being thrown away. */
    private static void mendChecksum(byte[] bytes, int header) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : bytes[header + i] & 0xff;
        }
        byte[] digits = "%06o\0 ".formatted(sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, bytes, header + CHECKSUM, digits.length);
    }

    @Test
    void readerReadsOrRefuses() {
        for (long seed = 0; seed < 5_000; seed++) {
            byte[] bytes = mutated(seed);
            try {
                TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
                while (tar.next().isPresent()) {
                    tar.data().readAllBytes();
                }
            } catch (IOException refused) {
                assertThat(refused).as("seed " + seed).hasMessageMatching("(?s).{10,}");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void unpackerUnpacksOrRefusesAndStaysInside(@TempDir Path work) throws IOException {
        Path root = Files.createDirectory(work.resolve("root"));
        LayerFixture layers = new LayerFixture(root);
        for (long seed = 0; seed < 60; seed++) {
            byte[] bytes = mutated(seed);
            try {
                layers.add(bytes);
            } catch (NodeException refused) {
                assertThat(refused.kind())
                        .as("seed " + seed + ": " + refused.getMessage())
                        .isEqualTo(NodeException.Kind.INVALID);
            }
        }
        assertThat(work.toFile().list()).containsExactly("root");
        assertThat(root.toFile().list()).containsExactlyInAnyOrder("blobs", "incoming", "snapshots", "unsynced");
    }
}
