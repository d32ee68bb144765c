package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskUseTest {
    @TempDir
    Path directory;

    private static String du(String... options) throws IOException {
        Process du = new ProcessBuilder(options).redirectErrorStream(true).start();
        return new String(du.getInputStream().readAllBytes()).split("\\s")[0];
    }

    @Test
    void countsAsDuDoes() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("a/b/c"));
        Files.write(deep.resolve("big"), new byte[300_000]);
        Files.write(directory.resolve("a/small"), new byte[10]);
        Files.createLink(directory.resolve("a/again"), deep.resolve("big"));
        Files.createSymbolicLink(directory.resolve("a/away"), Path.of("/usr"));
        for (int i = 0; i < 2000; i++) {
            Files.createFile(directory.resolve("a/an-empty-file-with-a-longer-name-" + i));
        }
        try (RandomAccessFile sparse =
                new RandomAccessFile(deep.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        DiskUse use = DiskUse.of(directory);
        assertThat(use.bytes()).hasToString(du("du", "-sx", "--block-size=1", directory.toString()));
        assertThat(use.inodes()).hasToString(du("du", "-sx", "--inodes", directory.toString()));
    }

    @Test
    void whatIsNotThereTakesNothing() {
        assertThat(DiskUse.of(directory.resolve("nothing"))).isEqualTo(DiskUse.NONE);
    }

    @Test
    void veryDeepTreeEndsTheWalkWithoutAnError() throws IOException {
        Path at = directory;
        for (int i = 0; i < 700; i++) {
            at = Files.createDirectory(at.resolve("d"));
        }
        assertThat(DiskUse.of(directory).inodes()).isBetween(500L, 701L);
    }
}
