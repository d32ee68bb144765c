package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.registry.FakeImage;
import dev.keelson.node.image.registry.FakeRegistry;
import dev.keelson.node.image.registry.RegistryOptions;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods made of bad input: each says what and where, in the state that Kubernetes documents, and its neighbour runs on. */
class BadPodsIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;
    private static FakeRegistry registry;
    private static BadImages images;
    private static Neighbour neighbour;

    @BeforeAll
    static void start() throws Exception {
        ImageLimits limits = ImageLimits.DEFAULT
                .withReservedDiskBytes(0)
                .withUnpackedBytes(64 << 20)
                .withEntries(BadImages.ENTRIES)
                .withCompressionRatio(BadImages.RATIO, 1 << 20);
        node = new NodeFixture(
                directory, "it-bad", 32, limits, RegistryOptions.DEFAULT.withStallTimeout(Duration.ofSeconds(1)));
        registry = new FakeRegistry();
        images = new BadImages(registry);
        images.publish();
        neighbour = new Neighbour(node);
        BadImages.all()
                .forEach(bad -> node.create(node.pod(
                        bad.tag(),
                        new ContainerBuilder()
                                .withName("app")
                                .withImage(image(bad.tag()))
                                .build())));
    }

    @AfterAll
    static void stop() {
        images.end();
        neighbour.close();
        node.close();
        registry.close();
    }

    @AfterEach
    void neighbourIsUntouched() throws Exception {
        neighbour.assertUntouched();
    }

    private static String image(String tag) {
        return registry.host() + "/bad/image:" + tag;
    }

    static List<BadImages.Bad> badImages() {
        return BadImages.all();
    }

    @ParameterizedTest
    @MethodSource("badImages")
    void imageThatCannotBeHadIsExplainedAndTriedAgain(BadImages.Bad bad) {
        Pod pod =
                node.await(bad.tag(), "ImagePullBackOff", found -> reason(found).equals("ImagePullBackOff"));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
        assertThat(status(pod, "app").getState().getWaiting().getMessage())
                .startsWith("Back-off pulling image \"" + image(bad.tag()) + "\": ")
                .contains(bad.words());
        node.awaitEvent(bad.tag(), "Error: ImagePullBackOff");
        List<String> events = node.events(bad.tag());
        assertThat(events)
                .anyMatch(event -> event.startsWith("Failed Failed to pull image \"" + image(bad.tag()) + "\": "))
                .contains(
                        "BackOff Back-off pulling image \"" + image(bad.tag()) + "\"",
                        "Failed Error: ImagePullBackOff");
        assertThat(String.join("\n", events)).contains(bad.words());
        node.delete(bad.tag());
        node.awaitGone(bad.tag());
    }

    private static String reason(Pod pod) {
        return NodeFixture.find(pod, "app")
                .map(found -> found.getState())
                .map(ContainerState::getWaiting)
                .map(waiting -> waiting.getReason())
                .orElse("");
    }

    private static TarBytes busybox() throws IOException {
        return new TarBytes().program("bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")));
    }

    /** Entries that try to get out and are kept inside: harmless, as in a chroot. */
    @Test
    void entriesWithAbsoluteNamesAndThroughLinksStayInTheContainer() throws Exception {
        byte[] layer = busybox()
                .file("/etc/absolute", "absolute\n")
                .symbolicLink("up", "../../../../../../..")
                .file("up/climbed", "climbed\n")
                .build();
        registry.publish("stays-inside", FakeImage.of(layer));
        node.create(node.pod("stays-inside", printing("stays-inside", "/etc/absolute", "/climbed")));

        node.awaitPhase("stays-inside", "Succeeded");
        assertThat(node.log("stays-inside", "app")).isEqualTo("absolute\nclimbed\n");
        assertThat(Path.of("/etc/absolute")).doesNotExist();
        assertThat(Path.of("/climbed")).doesNotExist();
    }

    private static io.fabric8.kubernetes.api.model.Container printing(String tag, String... files) {
        return new ContainerBuilder()
                .withName("app")
                .withImage(image(tag))
                .withCommand("/bin/busybox", "cat")
                .withArgs(files)
                .build();
    }

    @Test
    void slowRegistryIsWaitedFor() throws Exception {
        byte[] layer = busybox().file("slow", "came\n").build();
        registry.publish("slow", FakeImage.of(layer));
        registry.forBlob(layer, exchange -> {
            exchange.sendResponseHeaders(200, layer.length);
            // In all longer than one silence may be.
            for (int piece = 0; piece < 5; piece++) {
                int from = (int) ((long) layer.length * piece / 5);
                int to = (int) ((long) layer.length * (piece + 1) / 5);
                exchange.getResponseBody().write(layer, from, to - from);
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
            return true;
        });
        node.create(node.pod("slow", printing("slow", "/slow")));

        node.awaitPhase("slow", "Succeeded");
        assertThat(node.log("slow", "app")).isEqualTo("came\n");
    }

    @Test
    void forkBombEndsAtItsContainersLimit() {
        node.create(node.pod(
                "fork-bomb",
                shell("app", "(while :; do sleep 1000 & done) 2>&1 | { head -n 1; exec sleep 1000; }")
                        .build()));
        node.awaitLog("fork-bomb", "app", "can't fork");
        assertThat(status(node.get("fork-bomb"), "app").getState().getRunning()).isNotNull();
        node.delete("fork-bomb");
        node.awaitGone("fork-bomb");
    }

    @Test
    void logFloodIsKeptSmall() throws Exception {
        node.create(node.pod(
                "flood",
                shell("app", "yes a line of a flood | head -c 70000000")
                        .withCommand("/bin/busybox", "sh", "-c", "busybox yes a line of a flood | head -c 70000000")
                        .build()));
        Pod pod = node.awaitPhase("flood", "Succeeded");
        Path logs = directory
                .resolve("node/logs")
                .resolve("shop_flood_" + pod.getMetadata().getUid());
        try (Stream<Path> files = Files.walk(logs)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            // Five files of 10 MiB are kept, the newest of them may have just begun.
            assertThat(bytes).isBetween(39L << 20, 51L << 20);
        }
        node.delete("flood");
        node.awaitGone("flood");
    }

    @Test
    void hangingProbeIsCutAndItsContainerStartedAnew() {
        node.create(node.pod(
                        "hangs",
                        shell("app", "exec sleep 1000")
                                .withNewLivenessProbe()
                                .withNewExec()
                                .withCommand("/bin/sleep", "1000")
                                .endExec()
                                .withPeriodSeconds(1)
                                .withTimeoutSeconds(1)
                                .withFailureThreshold(1)
                                .endLivenessProbe()
                                .build())
                .editSpec()
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(0L)
                .endSpec());
        node.await("hangs", "a restart", pod -> status(pod, "app").getRestartCount() > 0);
        node.awaitEvent("hangs", "timed out");
        node.awaitEvent("hangs", "Killing Container app failed liveness probe, will be restarted");
        node.delete("hangs");
        node.awaitGone("hangs");
    }

    @Test
    void programsThatAreNotThereOrCannotBeExecutedAreNamed() {
        node.create(node.pod(
                "programs",
                shell("absent", "").withCommand("/nope").build(),
                shell("data", "").withCommand("/bin/data").build()));
        Pod pod = node.awaitPhase("programs", "Failed");
        List.of("absent", "data").forEach(name -> assertThat(
                        status(pod, name).getState().getTerminated().getReason())
                .isEqualTo("StartError"));
        node.awaitEvent("programs", "exec \"/nope\": no such file or directory");
        node.awaitEvent("programs", "exec \"/bin/data\": permission denied");
    }
}
