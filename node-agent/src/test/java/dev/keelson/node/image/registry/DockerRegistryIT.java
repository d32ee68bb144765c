package dev.keelson.node.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.archive.WebExample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a real registry what real tools pushed, and exchanges archives with them. */
class DockerRegistryIT {
    @TempDir
    Path work;

    private Path archive;
    private LocalImageService images;

    @BeforeEach
    void open() throws Exception {
        archive = work.resolve("web.tar");
        Files.write(archive, WebExample.archive("program".getBytes(StandardCharsets.UTF_8)));
        images = service("images");
    }

    @AfterEach
    void close() {
        images.close();
    }

    private LocalImageService service(String directory) {
        ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);
        return new LocalImageService(work.resolve(directory), limits, RegistryOptions.DEFAULT, Set::of);
    }

    private Path directory(String name) throws Exception {
        return Files.createDirectories(work.resolve(name));
    }

    @Test
    void pushedImageIsPulledWithItsLayersAndConfiguration() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(directory("registry"), false)) {
            registry.push("oci-archive:" + archive + ":2", "team/web:2", false);
            List<PullProgress> progress = Collections.synchronizedList(new ArrayList<>());

            Image image = images.pullImage(registry.host() + "/team/web:2", List.of(), progress::add);

            assertThat(Files.readString(image.layers().getLast().resolve("etc/web-version")))
                    .isEqualTo("2\n");
            assertThat(image.config().env()).contains("VERSION=2");
            assertThat(progress).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=v2s2", "--format=oci"})
    void bothManifestFormatsAreUnderstood(String format) throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(directory("registry"), false)) {
            DockerRegistry.run(List.of(
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "-q",
                    format,
                    "--dest-tls-verify=false",
                    "oci-archive:" + archive + ":1",
                    "docker://" + registry.host() + "/web:1"));

            Image image = images.pullImage(registry.host() + "/web:1", List.of(), progress -> {});

            assertThat(image.layers()).hasSize(2);
        }
    }

    @Test
    void passwordIsAskedForAndAccepted() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(directory("registry"), true)) {
            registry.push("oci-archive:" + archive + ":1", "web:1", true);
            String reference = registry.host() + "/web:1";

            assertThatThrownBy(() -> images.pullImage(reference, List.of(), progress -> {}))
                    .hasMessageContainingAll(
                            "cannot pull \"" + reference + "\": registry answered 401", "add an imagePullSecret");
            RegistryAuth wrong = new RegistryAuth(registry.host(), DockerRegistry.USER, "wrong");
            assertThatThrownBy(() -> images.pullImage(reference, List.of(wrong), progress -> {}))
                    .hasMessageContaining("check user \"tester\"");
            RegistryAuth right = new RegistryAuth(registry.host(), DockerRegistry.USER, DockerRegistry.PASSWORD);
            assertThat(images.pullImage(reference, List.of(wrong, right), progress -> {})
                            .references())
                    .containsExactly(reference);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci-archive:%s:reg.local/web:7", "docker-archive:%s:reg.local/web:7"})
    void archivesOfSkopeoAreLoaded(String target) throws Exception {
        Path file = work.resolve("skopeo.tar");
        DockerRegistry.run(List.of(
                "skopeo", "--insecure-policy", "copy", "-q", "oci-archive:" + archive + ":2", target.formatted(file)));

        List<Image> loaded = images.load(new ByteArrayInputStream(Files.readAllBytes(file)));

        assertThat(loaded).singleElement().satisfies(image -> {
            assertThat(image.references()).containsExactly("reg.local/web:7");
            assertThat(image.layers().getLast().resolve("etc/web-version")).hasContent("2\n");
        });
    }

    @Test
    void layoutDirectoryOfSkopeoIsLoaded() throws Exception {
        Path layout = work.resolve("layout");
        DockerRegistry.run(List.of(
                "skopeo",
                "--insecure-policy",
                "copy",
                "-q",
                "oci-archive:" + archive + ":1",
                "oci:" + layout + ":reg.local/web:7"));

        assertThat(images.loadLayout(layout)).singleElement().satisfies(image -> assertThat(image.references())
                .containsExactly("reg.local/web:7"));
    }

    @Test
    void savedArchiveIsReadBySkopeo() throws Exception {
        images.load(new ByteArrayInputStream(Files.readAllBytes(archive)));
        Path saved = work.resolve("saved.tar");
        try (var out = Files.newOutputStream(saved)) {
            images.save(List.of("keelson.dev/examples/web:2"), out);
        }

        DockerRegistry.run(List.of("skopeo", "inspect", "oci-archive:" + saved + ":2"));
        DockerRegistry.run(List.of("skopeo", "inspect", "docker-archive:" + saved + ":keelson.dev/examples/web:2"));
    }
}
