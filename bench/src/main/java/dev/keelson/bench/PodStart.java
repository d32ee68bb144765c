package dev.keelson.bench;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.client.WatchEvent;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From the POST of a pod that is bound to the node to the moment when a watcher of the API sees its process running; beside
 * it {@code docker run -d} and {@code podman run -d} of the same image, where they are installed. The runs take turns, so
 * that a machine that slows down slows all of them.
 */
final class PodStart {
    private static final int WARM_UP = 15;
    private static final int RUNS = 40;
    private static final String IMAGE = "keelson.dev/examples/web:1";

    private PodStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Target target = Target.fromEnvironment();
        List<Peer> peers = Peer.installed(IMAGE);
        long[] ours = new long[RUNS];
        long[][] theirs = new long[peers.size()][RUNS];
        try (ApiClient client = target.connect()) {
            for (int i = 0; i < WARM_UP; i++) {
                startPod(client, target.node(), "warm-" + i);
            }
            for (int i = 0; i < RUNS; i++) {
                ours[i] = startPod(client, target.node(), "bench-" + i);
                for (int peer = 0; peer < peers.size(); peer++) {
                    theirs[peer][i] = peers.get(peer).run();
                }
            }
        } finally {
            peers.forEach(Peer::cleanUp);
        }
        Sample keelson = new Sample("keelson POST to running", ours);
        System.out.println(keelson.line());
        List<String> ratios = new ArrayList<>();
        for (int peer = 0; peer < peers.size(); peer++) {
            Sample sample = new Sample(peers.get(peer).name() + " run -d", theirs[peer]);
            System.out.println(sample.line());
            ratios.add(keelson.ratio(sample));
        }
        ratios.forEach(System.out::println);
    }

    private static long startPod(ApiClient client, String node, String name) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("web")
                .withImage(IMAGE)
                .endContainer()
                .endSpec()
                .build();
        String version =
                client.list(ResourceType.PODS, "default", ListOptions.ALL).resourceVersion();
        try (Watch<Pod> watch =
                client.watch(ResourceType.PODS, "default", ListOptions.fields("metadata.name=" + name), version)) {
            long start = System.nanoTime();
            client.create(ResourceType.PODS, pod);
            while (!running(watch.next())) {}
            long took = System.nanoTime() - start;
            client.delete(ResourceType.PODS, "default", name, DeleteOptions.BACKGROUND.withGracePeriod(Duration.ZERO));
            while (!(watch.next() instanceof WatchEvent.Deleted<Pod>)) {}
            return took;
        }
    }

    private static boolean running(WatchEvent<Pod> event) {
        return event instanceof WatchEvent.Modified<Pod>(Pod pod)
                && pod.getStatus() != null
                && pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getRunning() != null);
    }
}
