package dev.keelson.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubPathsTest {
    @TempDir
    Path directory;

    private Path volume;
    private int me;

    @BeforeEach
    void makeVolume() throws IOException {
        volume = Files.createDirectory(directory.resolve("volume"));
        Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx"));
        me = (int) Files.getAttribute(volume, "unix:uid");
    }

    @Test
    void missingDirectoriesGetThePermissionsOfTheVolume() throws IOException {
        SubPaths.prepare(volume, "a/b", me);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("a/b"))))
                .isEqualTo("rwxrwxrwx");
    }

    @Test
    void filesAndLinksInsideAreLeftAsTheyAre() throws IOException {
        Files.writeString(volume.resolve("file"), "content");
        Files.createDirectory(volume.resolve("real"));
        Files.createSymbolicLink(volume.resolve("link"), Path.of("real"));
        SubPaths.prepare(volume, "file", me);
        SubPaths.prepare(volume, "link/made", me);
        assertThat(volume.resolve("file")).hasContent("content");
        assertThat(volume.resolve("real/made")).isDirectory();
    }

    @Test
    void nothingIsMadeBehindALinkThatLeadsOut() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(volume.resolve("relative"), Path.of("../outside"));
        Files.createSymbolicLink(volume.resolve("absolute"), outside);
        for (String path : new String[] {"relative", "relative/x", "absolute", "absolute/x"}) {
            assertThatThrownBy(() -> SubPaths.prepare(volume, path, me)).isInstanceOf(IOException.class);
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void onlyRelativePathsWithoutAWayUpAreInside() {
        assertThat(SubPaths.isInside("a/b")).isTrue();
        assertThat(SubPaths.isInside("..data")).isTrue();
        assertThat(SubPaths.isInside("/a")).isFalse();
        assertThat(SubPaths.isInside("a/../b")).isFalse();
    }
}
