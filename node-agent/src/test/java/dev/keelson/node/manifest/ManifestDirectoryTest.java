package dev.keelson.node.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestDirectoryTest {
    @TempDir
    private Path directory;

    private final List<String> complaints = new ArrayList<>();
    private ManifestDirectory manifests;

    @BeforeEach
    void open() {
        manifests = new ManifestDirectory(directory, "n1", complaints::add);
    }

    private void write(String file, String name) throws IOException {
        Files.writeString(directory.resolve(file), """
                {apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {containers: [{name: c, image: a}]}}
                """.formatted(name));
    }

    private List<String> names() throws IOException {
        return manifests.pods().values().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    @Test
    void secondFileWithAPodOfTheSameNameIsNamedOnce() throws IOException {
        write("a.yaml", "web");
        write("b.yaml", "web");
        assertThat(names()).containsExactly("web-n1");
        assertThat(names()).containsExactly("web-n1");
        assertThat(complaints)
                .containsExactly("static pod file \"b.yaml\": pod default/web-n1 is already that of file \"a.yaml\";"
                        + " give it another name");
        Files.delete(directory.resolve("a.yaml"));
        assertThat(names()).containsExactly("web-n1");
        write("a.yaml", "web");
        assertThat(names()).containsExactly("web-n1");
        assertThat(complaints).hasSize(2);
    }

    @Test
    void fileThatIsNoPodIsNamedOnceAndDisturbsNobody() throws IOException {
        write("good.yaml", "web");
        Files.writeString(directory.resolve("bad.yaml"), "foo: [bar");
        Files.writeString(directory.resolve("empty.yaml"), "");
        Files.createDirectory(directory.resolve("directory.yaml"));
        assertThat(names()).containsExactly("web-n1");
        assertThat(names()).containsExactly("web-n1");
        assertThat(complaints)
                .hasSize(2)
                .anyMatch(text -> text.startsWith("static pod file \"bad.yaml\": it is not a pod"))
                .anyMatch(text -> text.startsWith("static pod file \"empty.yaml\": it must be one object"));
    }
}
