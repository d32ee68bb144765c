package dev.keelson.node.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.archive.WebExample;
import dev.keelson.node.image.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalImageServiceTest {
    @TempDir
    Path root;

    private LocalImageService images;

    @BeforeEach
    void open() {
        images = new LocalImageService(root, ImageLimits.DEFAULT, RegistryOptions.DEFAULT, Set::of);
    }

    @AfterEach
    void close() {
        images.close();
    }

    @Test
    void loadedArchiveIsFoundByItsNamesWithSharedLayers() throws IOException {
        images.load(web());

        Image one = images.imageStatus("keelson.dev/examples/web:1").orElseThrow();
        Image two = images.imageStatus("keelson.dev/examples/web:2").orElseThrow();

        assertThat(one.layers()).hasSize(2);
        assertThat(one.layers().getFirst()).isEqualTo(two.layers().getFirst());
        assertThat(one.layers().getLast()).isNotEqualTo(two.layers().getLast());
        assertThat(Files.readString(two.layers().getLast().resolve("etc/web-version")))
                .isEqualTo("2\n");
        assertThat(one.config().entrypoint()).containsExactly("/web");
        assertThat(one.config().user()).isEqualTo("65532:65532");
        assertThat(images.imageStatus(one.id())).contains(one);
        assertThat(images.listImages()).hasSize(3);
    }

    @Test
    void savedImageLoadsElsewhereWithTheSameDigest(@TempDir Path elsewhere) throws IOException {
        images.load(web());
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        images.save("keelson.dev/examples/web:2", saved);

        try (LocalImageService other =
                new LocalImageService(elsewhere, ImageLimits.DEFAULT, RegistryOptions.DEFAULT, Set::of)) {
            List<Image> loaded = other.load(new ByteArrayInputStream(saved.toByteArray()));

            assertThat(loaded).singleElement().satisfies(image -> {
                assertThat(image.references()).containsExactly("keelson.dev/examples/web:2");
                assertThat(image.id())
                        .isEqualTo(images.imageStatus("keelson.dev/examples/web:2")
                                .orElseThrow()
                                .id());
            });
        }
    }

    private static ByteArrayInputStream web() throws IOException {
        return new ByteArrayInputStream(WebExample.archive("program".getBytes(StandardCharsets.UTF_8)));
    }
}
