package dev.keelson.node.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.LocalImageService;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.archive.WebExample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's tools on the other side: what they make is loaded, what is pushed or saved here they read. */
class ToolsIT {
    private static final String WEB = "keelson.dev/examples/web:2";

    @TempDir
    Path work;

    private LocalImageService images;

    @BeforeEach
    void open() throws Exception {
        images = new LocalImageService(
                work.resolve("images"),
                ImageLimits.DEFAULT.withReservedDiskBytes(0),
                RegistryOptions.DEFAULT.withHosts(work.resolve("registries")),
                Set::of);
        images.load(new ByteArrayInputStream(WebExample.archive("program".getBytes(StandardCharsets.UTF_8))));
    }

    @AfterEach
    void close() {
        images.close();
    }

    private Path directory(String name) throws Exception {
        return Files.createDirectories(work.resolve(name));
    }

    private static String digestOf(Image image) {
        return image.repoDigests().getFirst().replaceFirst("^.*@", "");
    }

    private void hosts(String registry, String toml) throws Exception {
        Files.writeString(directory("registries/" + registry).resolve("hosts.toml"), toml);
    }

    private void buildah(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "buildah",
                "--storage-driver",
                "vfs",
                "--root",
                directory("buildah").toString(),
                "--runroot",
                directory("buildah-run").toString()));
        command.addAll(List.of(arguments));
        DockerRegistry.run(command);
    }

    @Test
    void pushedImageIsReadByOthersAndPulledWithTheSameDigest() throws Exception {
        DockerRegistry.require("buildah");
        try (DockerRegistry registry = DockerRegistry.start(directory("registry"), true)) {
            String name = registry.host() + "/team/web:2";
            images.tag(WEB, name);
            RegistryAuth right = new RegistryAuth(registry.host(), DockerRegistry.USER, DockerRegistry.PASSWORD);

            assertThatThrownBy(() -> images.push(name, List.of(), progress -> {}))
                    .hasMessageContainingAll("cannot push \"" + name + "\"", "401", "--creds");
            String digest = images.push(name, List.of(right), progress -> {});

            buildah(
                    "pull",
                    "--tls-verify=false",
                    "--creds=" + DockerRegistry.USER + ":" + DockerRegistry.PASSWORD,
                    "docker://" + registry.host() + "/team/web@" + digest);
            images.removeImage(name);
            assertThat(digestOf(images.pullImage(name, List.of(right), progress -> {})))
                    .isEqualTo(digest);
        }
    }

    @Test
    void privateAuthorityIsTrustedWhereItIsConfigured() throws Exception {
        try (DockerRegistry registry = DockerRegistry.startTls(directory("registry"))) {
            String name = registry.host() + "/web:2";
            images.tag(WEB, name);

            assertThatThrownBy(() -> images.push(name, List.of(), progress -> {}))
                    .hasMessageContainingAll("TLS failed", "authority");
            Files.copy(
                    registry.certificate(),
                    directory("registries/" + registry.host()).resolve("ca.crt"));

            String digest = images.push(name, List.of(), progress -> {});
            images.removeImage(name);
            assertThat(digestOf(images.pullImage(name, List.of(), progress -> {})))
                    .isEqualTo(digest);
        }
    }

    @Test
    void mirrorIsAskedFirstAndWithoutTheRegistrysCredentials() throws Exception {
        try (DockerRegistry mirror = DockerRegistry.start(directory("mirror"), false);
                DockerRegistry empty = DockerRegistry.start(directory("empty"), false)) {
            String onMirror = mirror.host() + "/team/web:2";
            images.tag(WEB, onMirror);
            images.push(onMirror, List.of(), progress -> {});
            // Nobody answers at the first, the second has nothing, and the registry itself does not exist.
            hosts("reg.invalid", """
                    server = "http://127.0.0.1:1"
                    [host."http://127.0.0.1:2"]
                    [host."http://%s"]
                    [host."http://%s"]
                    """.formatted(empty.host(), mirror.host()));

            Image image = images.pullImage(
                    "reg.invalid/team/web:2", List.of(new RegistryAuth("reg.invalid", "u", "secret")), progress -> {});

            assertThat(image.references()).contains("reg.invalid/team/web:2");
            assertThatThrownBy(() -> images.pullImage("reg.invalid/team/other:1", List.of(), progress -> {}))
                    .hasMessageContaining("cannot pull \"reg.invalid/team/other:1\"");
        }
    }

    @Test
    void imageOfBuildahIsLoadedFromBothArchives() throws Exception {
        DockerRegistry.require("buildah");
        Path file = Files.writeString(work.resolve("hello"), "hello\n");
        buildah("from", "--name", "made", "scratch");
        buildah("copy", "made", file.toString(), "/etc/hello");
        buildah("config", "--entrypoint", "[\"/etc/hello\"]", "made");
        buildah("commit", "-q", "made", "oci-archive:" + work.resolve("oci.tar") + ":reg.local/made:1");
        buildah(
                "commit",
                "-q",
                "--format",
                "docker",
                "made",
                "docker-archive:" + work.resolve("docker.tar") + ":reg.local/made:2");
        buildah("rm", "made");

        for (String archive : List.of("oci.tar", "docker.tar")) {
            List<Image> loaded = images.load(new ByteArrayInputStream(Files.readAllBytes(work.resolve(archive))));

            assertThat(loaded).singleElement().satisfies(image -> {
                assertThat(image.layers().getLast().resolve("etc/hello")).hasContent("hello\n");
                assertThat(image.config().entrypoint()).containsExactly("/etc/hello");
            });
        }
    }

    @Test
    void umociUnpacksWhatIsSavedAndWhatItMakesIsLoaded() throws Exception {
        DockerRegistry.require("umoci");
        Path saved = work.resolve("saved.tar");
        try (var out = Files.newOutputStream(saved)) {
            images.save(List.of(WEB), out);
        }
        Path layout = directory("layout");
        DockerRegistry.run(List.of("tar", "-C", layout.toString(), "-xf", saved.toString()));
        Path bundle = work.resolve("bundle");

        DockerRegistry.run(List.of("umoci", "unpack", "--image", layout + ":2", bundle.toString()));

        assertThat(bundle.resolve("rootfs/etc/web-version")).hasContent("2\n");
        Files.writeString(bundle.resolve("rootfs/etc/added"), "by umoci\n");
        Files.delete(bundle.resolve("rootfs/etc/web-version"));
        DockerRegistry.run(List.of("umoci", "repack", "--image", layout + ":made", bundle.toString()));
        assertThat(images.loadLayout(layout))
                .map(image -> image.layers().getLast().resolve("etc/added"))
                .filteredOn(Files::exists)
                .singleElement()
                .satisfies(added -> assertThat(added).hasContent("by umoci\n"));
    }
}
