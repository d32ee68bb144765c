package dev.keelson.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriterTest {
    @TempDir
    Path volume;

    private AtomicWriter writer;

    @BeforeEach
    void setUp() throws IOException {
        int uid = (int) Files.getAttribute(volume, "unix:uid");
        writer = new AtomicWriter(volume, Ownership.of(uid, OptionalInt.empty()));
    }

    @Test
    void filesAreSeenThroughTheLink() throws IOException {
        assertThat(writer.write(payload(Map.of("a", "1", "dir/b", "2")))).isTrue();
        assertThat(volume.resolve("a")).hasContent("1");
        assertThat(volume.resolve("dir/b")).hasContent("2");
        assertThat(Files.readSymbolicLink(volume.resolve("a"))).isEqualTo(Path.of("..data/a"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("a"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void equalContentChangesNothing() throws IOException {
        writer.write(payload(Map.of("a", "1")));
        Path before = Files.readSymbolicLink(volume.resolve("..data"));
        assertThat(writer.write(payload(Map.of("a", "1")))).isFalse();
        assertThat(Files.readSymbolicLink(volume.resolve("..data"))).isEqualTo(before);
    }

    @Test
    void updateReplacesAddsAndRemovesAtOnce() throws IOException {
        writer.write(payload(Map.of("a", "1", "gone", "x", "dir/b", "2")));
        Path open = volume.resolve("..data").toRealPath().resolve("a");
        writer.write(payload(Map.of("a", "3", "new", "4")));
        assertThat(volume.resolve("a")).hasContent("3");
        assertThat(volume.resolve("new")).hasContent("4");
        assertThat(volume.resolve("gone")).doesNotExist();
        assertThat(volume.resolve("dir")).doesNotExist();
        assertThat(open).doesNotExist();
        try (var left = Files.list(volume)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("..")))
                    .hasSize(2);
        }
    }

    @Test
    void whatACrashLeftIsCleared() throws IOException {
        writer.write(payload(Map.of("a", "1")));
        Files.createDirectories(volume.resolve("..half/dir"));
        Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of("..half"));
        writer.write(payload(Map.of("a", "1")));
        assertThat(volume.resolve("..half")).doesNotExist();
        assertThat(Files.isSymbolicLink(volume.resolve("..data_tmp"))).isFalse();
        assertThat(volume.resolve("a")).hasContent("1");
    }

    @Test
    void pathsStayInsideTheVolume() {
        for (String path : List.of("../x", "a/../../x", "/x", "", "..data")) {
            assertThatThrownBy(() -> payload(Map.of(path, "1"))).isInstanceOf(VolumeProblem.class);
        }
    }

    private static Payload payload(Map<String, String> files) {
        Map<String, Payload.Entry> entries = new HashMap<>();
        files.forEach(
                (path, text) -> entries.put(path, new Payload.Entry(text.getBytes(StandardCharsets.UTF_8), 0644)));
        return new Payload(entries);
    }
}
