package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.model.ResourceType;
import dev.keelson.linux.Cgroups;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods with a {@code runtimeClassName}, on the real kernel. Needs root and runc. */
class RuntimeClassIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-classes", 26);
        node.api.create(ResourceType.RUNTIME_CLASSES, runtimeClass("plain", "runc"));
        node.api.create(ResourceType.RUNTIME_CLASSES, runtimeClass("strange", "from-elsewhere"));
        node.api.create(ResourceType.RUNTIME_CLASSES, runtimeClass("own", "keelson"));
    }

    private static GenericKubernetesResource runtimeClass(String name, String handler) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("node.k8s.io/v1")
                .withKind("RuntimeClass")
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("handler", handler)
                .build();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void podOfAClassRunsWithProbesVolumesAndSurvivesTheAgent() {
        node.create(classed(
                        node.pod(
                                "classed",
                                shell(
                                                "main",
                                                "cat /etc/hostname /data/from-init; ls /run; until [ -e /data/go ]; do sleep 0.05; done; exit 4")
                                        .withReadinessProbe(new ProbeBuilder()
                                                .withNewExec()
                                                .withCommand("test", "-e", "/data/from-init")
                                                .endExec()
                                                .withPeriodSeconds(1)
                                                .build())
                                        .addToVolumeMounts(data())
                                        .build(),
                                shell("waker", "until [ -e /data/wake ]; do sleep 0.05; done; touch /data/go")
                                        .addToVolumeMounts(data())
                                        .build()),
                        "plain")
                .editSpec()
                .addToVolumes(new VolumeBuilder()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build())
                .addToInitContainers(shell("init", "echo first > /data/from-init")
                        .addToVolumeMounts(data())
                        .build())
                .endSpec());
        node.await("classed", "main ready", pod -> NodeFixture.find(pod, "main")
                .map(io.fabric8.kubernetes.api.model.ContainerStatus::getReady)
                .orElse(false));
        node.restartAgent();
        Path volume = directory.resolve(
                "node/pods/" + node.get("classed").getMetadata().getUid() + "/volumes/data");
        assertThat(volume.resolve("wake").toFile().mkdir()).isTrue();
        Pod ended = node.awaitPhase("classed", "Failed");
        assertThat(status(ended, "main").getState().getTerminated().getExitCode())
                .isEqualTo(4);
        assertThat(status(ended, "waker").getState().getTerminated().getExitCode())
                .isZero();
        assertThat(node.log("classed", "main")).isEqualTo("classed\nfirst\nls: /run: No such file or directory\n");
        node.delete("classed");
        node.awaitGone("classed");
    }

    private static io.fabric8.kubernetes.api.model.VolumeMount data() {
        return new VolumeMountBuilder().withName("data").withMountPath("/data").build();
    }

    @Test
    void classesThatAreNotThereHoldThePodUpAndSayWhy() {
        node.create(classed(node.pod("nowhere", shell("main", "true").build()), "missing"));
        node.awaitEvent("nowhere", "FailedCreatePodSandBox RuntimeClass \"missing\" not found");
        node.create(classed(node.pod("strange", shell("main", "true").build()), "strange"));
        node.awaitEvent("strange", "FailedCreatePodSandBox no runtime for \"from-elsewhere\" is configured");
        assertThat(node.get("strange").getStatus().getPhase()).isEqualTo("Pending");
        node.delete("nowhere");
        node.delete("strange");
    }

    @Test
    void overheadIsRoomForThePodBesideItsContainers() {
        node.create(classed(
                        node.pod(
                                "overhead",
                                shell("main", "true")
                                        .withNewResources()
                                        .withLimits(Map.of("memory", new Quantity("64Mi")))
                                        .endResources()
                                        .build(),
                                shell("idle", "exec sleep 1000")
                                        .withNewResources()
                                        .withLimits(Map.of("memory", new Quantity("16Mi")))
                                        .endResources()
                                        .build()),
                        "own")
                .editSpec()
                .withOverhead(Map.of("memory", new Quantity("32Mi")))
                .endSpec());
        node.await("overhead", "idle runs", pod -> NodeFixture.find(pod, "idle")
                .map(state -> state.getState().getRunning())
                .isPresent());
        String uid = node.get("overhead").getMetadata().getUid();
        assertThat(Cgroups.detect().directories("keelson-it-classes/" + uid).stream()
                        .flatMap(group -> Stream.of("memory.limit_in_bytes", "memory.max")
                                .map(group::resolve)
                                .filter(Files::exists))
                        .findFirst()
                        .orElseThrow())
                .content()
                .isEqualTo((64 + 16 + 32) * 1024 * 1024 + "\n");
        node.delete("overhead");
        node.awaitGone("overhead");
    }

    private static PodBuilder classed(PodBuilder pod, String runtimeClass) {
        return pod.editSpec().withRuntimeClassName(runtimeClass).endSpec();
    }
}
