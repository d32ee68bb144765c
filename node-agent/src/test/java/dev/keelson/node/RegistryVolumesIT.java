package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.image.archive.WebExample;
import dev.keelson.node.image.registry.DockerRegistry;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are made of images of a private registry, Debian's docker-registry. Needs root. */
class RegistryVolumesIT {
    private static final String SECRET = "registry";

    @TempDir
    static Path directory;

    private static NodeFixture node;
    private static DockerRegistry registry;

    @BeforeAll
    static void start() throws Exception {
        registry = DockerRegistry.start(Files.createDirectory(directory.resolve("registry")), true);
        Path archive = directory.resolve("web.tar");
        Files.write(archive, WebExample.archive("program".getBytes(StandardCharsets.UTF_8)));
        registry.push("oci-archive:" + archive + ":2", "team/web:2", true);
        node = new NodeFixture(directory, "it-imgvol", 35);
        node.api.create(
                ResourceType.SECRETS,
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName(SECRET)
                        .endMetadata()
                        .withType("kubernetes.io/dockerconfigjson")
                        .withData(Map.of(".dockerconfigjson", base64("""
                                {"auths":{"%s":{"auth":"%s"}}}""".formatted(
                                        registry.host(), base64(DockerRegistry.USER + ":" + DockerRegistry.PASSWORD)))))
                        .build());
    }

    @AfterAll
    static void stop() {
        node.close();
        registry.close();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static PodBuilder reading(String name, String policy) {
        return node.pod(
                        name,
                        shell("main", "cat /v/etc/web-version /sub/web-version; ls /sub; touch /v/new")
                                .addNewVolumeMount()
                                .withName("web")
                                .withMountPath("/v")
                                .endVolumeMount()
                                .addNewVolumeMount()
                                .withName("web")
                                .withMountPath("/sub")
                                .withSubPath("etc")
                                .endVolumeMount()
                                .build())
                .editSpec()
                .addNewVolume()
                .withName("web")
                .withNewImage(policy, registry.host() + "/team/web:2")
                .endVolume()
                .endSpec();
    }

    /** In one test, because each step is about what the one before has left on the node. */
    @Test
    void imageIsPulledWithThePodsSecretsAndAsItsPolicySays() {
        node.create(reading("stranger", "IfNotPresent"));
        node.await("stranger", "refused", pod -> NodeFixture.find(pod, "main")
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting != null && waiting.getReason().matches("ErrImagePull|ImagePullBackOff"))
                .isPresent());
        node.awaitEvent("stranger", "add an imagePullSecret for " + registry.host());
        node.awaitEvent("stranger", "Back-off pulling image \"" + registry.host());

        node.create(reading("pulls", "Always")
                .editSpec()
                .addNewImagePullSecret(SECRET)
                .endSpec());
        node.awaitPhase("pulls", "Failed");
        node.awaitEvent("pulls", "Pulling image \"" + registry.host());
        node.awaitEvent("pulls", "Successfully pulled image \"" + registry.host());
        assertThat(node.log("pulls", "main")).startsWith("2\n2\n").contains("web-version\n", "Read-only file system");
        // Now the image is here, and the stranger's policy is content with that; news of any kind make it look.
        node.api.patch(
                ResourceType.PODS,
                NodeFixture.NAMESPACE,
                "stranger",
                "",
                PatchType.MERGE,
                "{\"metadata\":{\"labels\":{\"seen\":\"again\"}}}".getBytes(StandardCharsets.UTF_8));
        node.awaitPhase("stranger", "Failed");

        registry.close();
        node.create(reading("present", "IfNotPresent"));
        node.awaitPhase("present", "Failed");
        node.awaitEvent("present", "Container image \"" + registry.host());
        assertThat(node.log("present", "main")).startsWith("2\n2\n");
        node.create(reading("always", "Always"));
        node.awaitEvent("always", "connection refused");
        assertThat(node.get("always").getStatus().getPhase()).isEqualTo("Pending");
    }
}
