package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.manifest.MirrorPods;
import dev.keelson.node.manifest.StaticPods;
import dev.keelson.node.pod.PodManager;
import dev.keelson.node.pod.PodWorld;
import dev.keelson.node.pod.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PodFollowerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ApiClient api = new FakeApiServer().client();
    private final CountDownLatch directory = new CountDownLatch(1);
    private final List<List<String>> known = new CopyOnWriteArrayList<>();

    /** Else a restart of the agent ends the static pods of a directory that is slower than the API server. */
    @Test
    void nothingIsKnownToBeNobodysBeforeASlowManifestDirectoryWasRead() throws Exception {
        Pod fixed = Pods.pod().build();
        PodManager pods = new PodManager(new PodWorld(Pods.pod()).host(), pod -> Optional.empty());
        try (pods;
                Informer<Service> services = new Informer<>(api, ResourceType.SERVICES);
                Informer<Pod> bound = new Informer<>(api, ResourceType.PODS);
                StaticPods staticPods = new StaticPods(() -> slowly(fixed), pods, new MirrorPods(api, "node"))) {
            services.start();
            Thread follower = Thread.ofPlatform()
                    .start(new PodFollower(services, bound, staticPods, wanted -> known.add(wanted.get())));
            // Waits for the API server have a limit, that for the directory has none.
            Deadline.await("waits or has ended", PATIENCE, () -> switch (follower.getState()) {
                case WAITING, TERMINATED -> bound.awaitSync(Duration.ZERO);
                case NEW, RUNNABLE, BLOCKED, TIMED_WAITING -> false;
            });
            assertThat(known).isEmpty();

            directory.countDown();
            follower.join(PATIENCE);
            assertThat(known).containsExactly(List.of(fixed.getMetadata().getUid()));
        }
    }

    private Map<String, Pod> slowly(Pod pod) {
        try {
            directory.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        return Map.of(pod.getMetadata().getUid(), pod);
    }
}
