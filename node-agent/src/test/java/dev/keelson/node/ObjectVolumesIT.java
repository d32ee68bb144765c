package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.VolumePods.configMapVolume;
import static dev.keelson.node.VolumePods.mounted;
import static dev.keelson.node.VolumePods.withFsGroup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are made of API objects, on the real kernel. Needs root. */
class ObjectVolumesIT {
    @TempDir
    static Path directory;

    @AutoClose
    private static NodeFixture node;

    private static VolumePods pods;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-objects", 24);
        pods = new VolumePods(node);
    }

    @Test
    void filesOfObjectsHaveTheirModesAndFollowTheirObjectsInARunningContainer() {
        pods.configMap("palette", Map.of("color", "red", "shape", "round", "size", "9"));
        node.api.create(
                ResourceType.SECRETS,
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName("door")
                        .endMetadata()
                        .addToData("code", "NDIzMQ==")
                        .build());
        PodBuilder pod = pods.pod(
                "objects",
                mounted(
                        shell(
                                        "main",
                                        "cd /v; cat map/sub/color.txt all/projected/code all/label plain/shape all/cpu; stat -Lc '%n %a'"
                                                + " map/sub/color.txt plain/shape secret/code all/projected/code all/label; ls gone;"
                                                + " touch map/x; until grep blue map/sub/color.txt; do sleep 0.05; done;"
                                                + " until grep back all/label; do sleep 0.05; done; cat all/color")
                                .withNewResources()
                                .addToLimits("cpu", new Quantity("2"))
                                .endResources(),
                        "map",
                        "plain",
                        "secret",
                        "all",
                        "gone"),
                new VolumeBuilder()
                        .withName("map")
                        .withNewConfigMap()
                        .withName("palette")
                        .withItems(new KeyToPath("color", 0400, "sub/color.txt"))
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("plain")
                        .withNewConfigMap()
                        .withName("palette")
                        .withDefaultMode(0440)
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("secret")
                        .withNewSecret()
                        .withSecretName("door")
                        .endSecret()
                        .build(),
                new VolumeBuilder()
                        .withName("gone")
                        .withNewConfigMap()
                        .withName("nowhere")
                        .withOptional(true)
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("all")
                        .withNewProjected()
                        .withDefaultMode(0444)
                        .addNewSource()
                        .withNewConfigMap()
                        .withName("palette")
                        .endConfigMap()
                        .endSource()
                        .addNewSource()
                        .withNewSecret()
                        .withName("door")
                        .withItems(new KeyToPath("code", 0600, "projected/code"))
                        .endSecret()
                        .endSource()
                        .addNewSource()
                        .withNewDownwardAPI()
                        .addNewItem()
                        .withPath("label")
                        .withNewFieldRef("v1", "metadata.labels['tier']")
                        .endItem()
                        .addNewItem()
                        .withPath("cpu")
                        .withNewResourceFieldRef()
                        .withContainerName("main")
                        .withResource("limits.cpu")
                        .withDivisor(new Quantity("1m"))
                        .endResourceFieldRef()
                        .endItem()
                        .endDownwardAPI()
                        .endSource()
                        .endProjected()
                        .build());
        node.create(pod.editMetadata().addToLabels("tier", "front").endMetadata());
        node.awaitLog("objects", "main", "Read-only file system");
        node.api.patch(
                ResourceType.CONFIG_MAPS,
                NodeFixture.NAMESPACE,
                "palette",
                "",
                PatchType.MERGE,
                "{\"data\":{\"color\":\"blue\"}}".getBytes(StandardCharsets.UTF_8));
        node.api.patch(
                ResourceType.PODS,
                NodeFixture.NAMESPACE,
                "objects",
                "",
                PatchType.MERGE,
                "{\"metadata\":{\"labels\":{\"tier\":\"back\"}}}".getBytes(StandardCharsets.UTF_8));
        node.awaitPhase("objects", "Succeeded");
        assertThat(node.log("objects", "main"))
                .startsWith("red4231frontround2000")
                .contains("map/sub/color.txt 400\n", "plain/shape 440\n", "secret/code 644\n")
                .contains("all/projected/code 600\n", "all/label 444\n")
                .endsWith("blue\nback\nblue");
    }

    @Test
    void aMissingObjectHoldsThePodUpUntilItIsThere() {
        node.create(
                pods.pod("late", mounted(shell("main", "cat /v/late/key"), "late"), configMapVolume("late", "tardy")));
        node.awaitEvent("late", "MountVolume.SetUp failed for volume \"late\": configmap \"tardy\" not found");
        pods.configMap("tardy", Map.of("key", "here"));
        node.awaitPhase("late", "Succeeded");
        assertThat(node.log("late", "main")).isEqualTo("here");
    }

    @Test
    void tokensAreReadableByThePodsGroup() {
        serviceAccount("default");
        node.create(withFsGroup(pods.pod(
                "token",
                mounted(shell("main", "id -G; cat /v/token/token; stat -Lc ' %a %u %g' /v/token/token"), "token"),
                token(3600))));
        node.awaitPhase("token", "Succeeded");
        assertThat(node.log("token", "main"))
                .startsWith("1000 4000 7000\ntoken of shop/default for ")
                .endsWith(" 440 0 7000\n");
    }

    @Test
    void tokensAreRenewedInARunningContainer() {
        serviceAccount("renewing");
        node.create(pods.pod(
                        "renewed",
                        mounted(
                                shell(
                                        "main",
                                        "cd /v/token; cat token > /tmp/first; while busybox cmp -s token /tmp/first; do sleep 0.1; done;"
                                                + " cat /tmp/first; echo; cat token"),
                                "token"),
                        token(4))
                .editSpec()
                .withServiceAccountName("renewing")
                .endSpec());
        node.awaitPhase("renewed", "Succeeded");
        assertThat(node.log("renewed", "main").lines())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(token -> token.startsWith("token of shop/renewing for "));
    }

    private static void serviceAccount(String name) {
        node.api.create(
                ResourceType.SERVICE_ACCOUNTS,
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .build());
    }

    private static Volume token(long seconds) {
        return new VolumeBuilder()
                .withName("token")
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken("", seconds, "token")
                .endSource()
                .withDefaultMode(0400)
                .endProjected()
                .build();
    }

    /** As the conformance suite's empty_dir_wrapper: many volumes beside each other, in several pods at once. */
    @Test
    void fiftyVolumesOfAPodAreAllThere() {
        Volume[] volumes = new Volume[50];
        for (int i = 0; i < volumes.length; i++) {
            String name = "many-" + i;
            pods.configMap(name, Map.of("which", "w" + i + "\n"));
            volumes[i] = configMapVolume(name, name);
        }
        Container reader =
                shell("main", "cat /v/many-*/which | sort -u | wc -l").build();
        String[] names = Stream.of(volumes).map(Volume::getName).toArray(String[]::new);
        List<String> all = List.of("many-a", "many-b", "many-c");
        all.forEach(name -> node.create(pods.pod(name, mounted(new ContainerBuilder(reader), names), volumes)));
        for (String name : all) {
            node.awaitPhase(name, "Succeeded");
            assertThat(node.log(name, "main")).isEqualTo("50\n");
        }
    }

    @Test
    void filesOfObjectsAreInMemoryAndClosedToOtherUsersOfTheHost() throws IOException {
        pods.configMap("shade", Map.of("color", "grey"));
        node.create(pods.pod(
                "shaded", mounted(shell("main", "exec sleep 600"), "shade"), configMapVolume("shade", "shade")));
        node.awaitPhase("shaded", "Running");
        String uid = node.get("shaded").getMetadata().getUid();
        Path memory = directory.resolve("node/memory");
        Path file = memory.resolve(uid).resolve("volumes/shade/color");

        assertThat(file).hasContent("grey");
        assertThat(Files.getFileStore(file).type()).isEqualTo("tmpfs");
        assertThat(Files.getPosixFilePermissions(memory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));

        node.delete("shaded");
        node.awaitGone("shaded");
        Deadline.await("files gone", Duration.ofSeconds(10), () -> Files.notExists(memory.resolve(uid)));
    }
}
