package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static pods and their mirrors on the real kernel. Needs root. */
class StaticPodsIT {
    private static final String NAME = "fixed-it-static";

    @TempDir
    Path directory;

    @Test
    void staticPodRunsAsLongAsItsFileWhateverBecomesOfItsMirror() throws Exception {
        try (NodeFixture node = new NodeFixture(directory, "it-static", 22)) {
            Path manifests = Files.createDirectories(directory.resolve("manifests"));
            Path file = manifests.resolve("fixed.yaml");
            write(file, "one");
            node.awaitReady(NAME);
            Pod mirror = node.get(NAME);
            assertThat(mirror.getMetadata().getAnnotations()).containsKey("kubernetes.io/config.mirror");
            assertThat(mirror.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("Node"));
            String container = containerId(node);

            // Deleting the image of a thing does not delete the thing.
            node.api.delete(
                    ResourceType.PODS,
                    NodeFixture.NAMESPACE,
                    NAME,
                    DeleteOptions.BACKGROUND.withGracePeriod(java.time.Duration.ZERO));
            node.await(
                    NAME,
                    "mirrored again",
                    pod -> !pod.getMetadata()
                                    .getUid()
                                    .equals(mirror.getMetadata().getUid())
                            && NodeFixture.condition(pod, "Ready").equals("True"));
            assertThat(containerId(node)).isEqualTo(container);

            node.restartAgent();
            node.awaitReady(NAME);
            assertThat(containerId(node)).isEqualTo(container);

            write(file, "two");
            node.await(NAME, "replaced", pod -> NodeFixture.find(pod, "app")
                    .filter(status -> status.getState().getRunning() != null
                            && !status.getContainerID().equals(container))
                    .filter(status -> !annotations(pod).equals(annotations(mirror)))
                    .isPresent());
            Deadline.await("its log", java.time.Duration.ofSeconds(60), () -> node.log(NAME, "app")
                    .equals("two\n"));

            Files.delete(file);
            node.awaitGone(NAME);
            Deadline.await("nothing left", java.time.Duration.ofSeconds(60), () -> node.containersOf("app") == 0);
        }
    }

    /** A mirror says in them which state of its file it shows. */
    private static Map<String, String> annotations(Pod pod) {
        return pod.getMetadata().getAnnotations();
    }

    private static String containerId(NodeFixture node) {
        return NodeFixture.status(node.get(NAME), "app").getContainerID();
    }

    private static void write(Path file, String word) throws Exception {
        Files.writeString(file, """
                apiVersion: v1
                kind: Pod
                metadata: {name: fixed, namespace: %s}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: app
                    image: %s
                    imagePullPolicy: Never
                    command: [/bin/sh, -c, "echo %s; exec sleep 1000"]
                """.formatted(NodeFixture.NAMESPACE, BusyboxImage.NAME, word));
    }
}
