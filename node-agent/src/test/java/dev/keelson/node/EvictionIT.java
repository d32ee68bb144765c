package dev.keelson.node;

import static dev.keelson.node.NodeFixture.condition;
import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.stats.MachineUse;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that take too much, and a node that runs short, on the real kernel. Needs root. */
class EvictionIT {
    private static final String SLEEP = "trap 'exit 0' TERM; while :; do sleep 1; done";

    @TempDir
    static Path directory;

    private static NodeFixture node;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(directory.resolve("kubelet.yaml"), "evictionPressureTransitionPeriod: 3s\n");
        node = new NodeFixture(directory, "it-eviction", 11);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Pod evicted(String name, String message) {
        Pod pod = node.awaitPhase(name, "Failed");
        assertThat(pod.getStatus().getReason()).isEqualTo("Evicted");
        assertThat(pod.getStatus().getMessage()).contains(message);
        assertThat(condition(pod, "DisruptionTarget")).isEqualTo("True");
        node.awaitEvent(name, "Evicted " + message);
        return pod;
    }

    @Test
    void containerThatWritesTooMuchIsEvicted() {
        node.create(node.pod(
                "writer",
                shell("app", "dd if=/dev/zero of=/big bs=1M count=12; " + SLEEP)
                        .withNewResources()
                        .addToLimits("ephemeral-storage", new Quantity("8Mi"))
                        .endResources()
                        .build()));
        evicted("writer", "Pod ephemeral local storage usage exceeds the total limit of containers 8Mi.");
    }

    @Test
    void emptyDirThatGrowsTooLargeIsEvicted() {
        node.create(node.pod(
                        "scratch",
                        shell("app", "dd if=/dev/zero of=/scratch/big bs=1M count=4; " + SLEEP)
                                .addNewVolumeMount()
                                .withName("scratch")
                                .withMountPath("/scratch")
                                .endVolumeMount()
                                .build())
                .editSpec()
                .addNewVolume()
                .withName("scratch")
                .withEmptyDir(new EmptyDirVolumeSource("", new Quantity("2Mi")))
                .endVolume()
                .endSpec());
        evicted("scratch", "Usage of EmptyDir volume \"scratch\" exceeds the limit \"2Mi\".");
    }

    @Test
    void podWithoutALimitMayNotTakeMoreThanHalfOfTheDisk() {
        node.create(node.pod(
                "greedy",
                shell("app", "dd if=/dev/zero of=/tmp/big bs=1M count=5; " + SLEEP)
                        .build()));
        node.machine = use -> with(use, use.memoryWorkingSet(), new FileSystemUse(8 << 20, 3 << 20, 3 << 20, 100, 50));
        try {
            evicted("greedy", "Pod ephemeral local storage usage exceeds half of the node's disk (4Mi)");
        } finally {
            node.machine = use -> use;
        }
    }

    @Test
    void nodeShortOfMemoryEndsTheWorstPodsAndKeepsCriticalOnes() {
        node.create(node.pod("modest", shell("app", SLEEP).build()));
        node.create(node.pod("vital", shell("app", SLEEP).build())
                .editSpec()
                .withPriority(2_000_001_000)
                .withPriorityClassName("system-node-critical")
                .endSpec());
        node.awaitReady("modest");
        node.awaitReady("vital");
        node.machine = EvictionIT::shortOfMemory;
        try {
            evicted("modest", "The node was low on resource: memory. Threshold quantity: 100Mi");
            Deadline.await("pressure reported", Duration.ofSeconds(20), () -> pressed("MemoryPressure"));
            assertThat(node.get("vital").getStatus().getPhase()).isEqualTo("Running");
            Deadline.await(
                    "the node says so",
                    Duration.ofSeconds(20),
                    () -> node.api.list(ResourceType.EVENTS, "default", ListOptions.ALL).items().stream()
                            .anyMatch(event -> event.getMessage().equals("Attempting to reclaim memory")));
            node.create(node.pod("late", shell("late-app", SLEEP).build()));
            evicted("late", "The node had condition: [MemoryPressure].");
            assertThat(node.containersOf("late-app")).isZero();
        } finally {
            node.machine = use -> use;
        }
        // Reported on for a while, so that the scheduler does not swing.
        assertThat(pressed("MemoryPressure")).isTrue();
        Deadline.await("pressure gone", Duration.ofSeconds(20), () -> !pressed("MemoryPressure"));
        node.delete("vital");
        node.awaitGone("vital");
    }

    private static boolean pressed(String type) {
        return node.api.get(ResourceType.NODES, "", node.node).getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
    }

    private static MachineUse shortOfMemory(MachineUse use) {
        return with(use, use.memoryCapacity() - (50L << 20), use.nodeFs());
    }

    private static MachineUse with(MachineUse use, long workingSet, FileSystemUse nodeFs) {
        return new MachineUse(
                use.startedAt(),
                use.cpus(),
                use.cpuNanos(),
                use.memoryCapacity(),
                use.memoryUsed(),
                workingSet,
                use.rss(),
                use.faults(),
                use.majorFaults(),
                nodeFs,
                use.imageFs(),
                use.network(),
                use.processes(),
                use.processesMost());
    }
}
