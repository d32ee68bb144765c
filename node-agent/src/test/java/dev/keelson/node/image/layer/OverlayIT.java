package dev.keelson.node.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.TarBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers as overlayfs shows them: the kernel has the last word on whiteouts and opaque directories. Needs root. */
class OverlayIT {
    @TempDir
    Path root;

    private LayerFixture layers;
    private Path merged;

    @BeforeEach
    void open() throws IOException {
        layers = new LayerFixture(Files.createDirectory(root.resolve("images")));
        merged = Files.createDirectory(root.resolve("merged"));
    }

    @AfterEach
    void unmount() throws Exception {
        new ProcessBuilder("umount", "-q", merged.toString()).start().waitFor();
    }

    private void mount() throws Exception {
        Path upper = Files.createDirectory(root.resolve("upper"));
        Path work = Files.createDirectory(root.resolve("work"));
        String lower =
                layers.directories().reversed().stream().map(Path::toString).collect(Collectors.joining(":"));
        Process mount = new ProcessBuilder(
                        "mount",
                        "-t",
                        "overlay",
                        "overlay",
                        "-o",
                        "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, upper, work),
                        merged.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(mount.waitFor()).as(output).isZero();
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> files = Files.list(merged.resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whiteoutsAndOpaqueDirectoriesHideWhatTheyShould() throws Exception {
        layers.add(new TarBytes()
                .file("etc/old", "1")
                .file("etc/kept", "1")
                .file("var/cache/old", "1")
                .file("gone/deep/file", "1")
                .file("swapped/old", "1")
                .build());
        layers.add(new TarBytes()
                .file("etc/.wh.old", "")
                .file("var/cache/.wh..wh..opq", "")
                .file("var/cache/new", "2")
                .file(".wh.gone", "")
                .file(".wh.swapped", "")
                .file("swapped/new", "2")
                .file("fresh/.wh.nothing", "")
                .build());
        layers.add(new TarBytes().file("etc/old", "3").build());

        mount();

        assertThat(names("")).containsExactly("etc", "fresh", "swapped", "var");
        assertThat(names("etc")).containsExactly("kept", "old");
        assertThat(merged.resolve("etc/old")).hasContent("3");
        assertThat(names("var/cache")).containsExactly("new");
        assertThat(names("swapped")).containsExactly("new");
        assertThat(names("fresh")).isEmpty();
    }

    @Test
    void topThatIsOpaqueHidesEverythingBelow() throws Exception {
        layers.add(new TarBytes().file("old", "1").build());
        layers.add(new TarBytes().file("new", "2").file(".wh..wh..opq", "").build());
        layers.add(new TarBytes().file("newer", "3").build());

        mount();

        assertThat(names("")).containsExactly("new", "newer");
    }

    @Test
    void attributesOfDirectoriesBelowAreSeenThrough() throws Exception {
        layers.add(new TarBytes()
                .directory("tmp", 01777)
                .file("tmp/a", "1", 0600, 1000, 1000, Map.of())
                .build());
        layers.add(new TarBytes().file("tmp/b", "2").build());

        mount();

        assertThat((int) Files.getAttribute(merged.resolve("tmp"), "unix:mode") & 07777)
                .isEqualTo(01777);
        assertThat(Files.getAttribute(merged.resolve("tmp/a"), "unix:uid")).isEqualTo(1000);
    }
}
