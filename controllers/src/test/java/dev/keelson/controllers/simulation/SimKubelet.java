package dev.keelson.controllers.simulation;

import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;

/** A node that runs nothing: it moves one pod one step along its life at a time. Images that contain "broken" never get ready. */
final class SimKubelet {
    private final FakeApiClient client;
    private final InstantSource clock;
    private int addresses;
    private int heartbeats;

    SimKubelet(FakeApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Renews the heartbeats of all nodes. */
    void heartbeat() {
        for (Node node : client.list(ResourceType.NODES, "", ListOptions.ALL).items()) {
            Lease lease = new LeaseBuilder()
                    .withNewMetadata()
                    .withNamespace("kube-node-lease")
                    .withName(node.getMetadata().getName())
                    .endMetadata()
                    .withNewSpec()
                    .withRenewTime(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .endSpec()
                    .build();
            if (heartbeats++ < 2) {
                client.create(ResourceType.LEASES, lease);
            } else {
                client.update(ResourceType.LEASES, lease);
            }
        }
    }

    /** Moves a random pod; false when there was none to move. */
    boolean step(Random random) {
        List<Pod> movable = client.list(ResourceType.PODS, "", ListOptions.ALL).items().stream()
                .filter(pod -> !Pods.node(pod).isEmpty())
                .filter(pod -> Pods.terminating(pod) || !settled(pod))
                .toList();
        if (movable.isEmpty()) {
            return false;
        }
        Pod pod = movable.get(random.nextInt(movable.size()));
        if (Pods.terminating(pod)) {
            stop(pod);
        } else {
            start(pod);
        }
        return true;
    }

    private static boolean settled(Pod pod) {
        boolean broken = pod.getSpec().getContainers().getFirst().getImage().contains("broken");
        return Pods.ready(pod) || broken && Pods.phase(pod).equals("Running");
    }

    private void start(Pod pod) {
        boolean running = Pods.phase(pod).equals("Running");
        client.updateStatus(
                ResourceType.PODS,
                new PodBuilder(pod)
                        .editStatus()
                        .withPhase("Running")
                        .withPodIP(running ? pod.getStatus().getPodIP() : "10.0.0." + (++addresses))
                        .withConditions(new io.fabric8.kubernetes.api.model.PodConditionBuilder()
                                .withType("Ready")
                                .withStatus(running ? "True" : "False")
                                .withLastTransitionTime(Times.format(clock.instant()))
                                .build())
                        .endStatus()
                        .build());
    }

    private void stop(Pod pod) {
        try {
            client.delete(
                    ResourceType.PODS,
                    pod.getMetadata().getNamespace(),
                    pod.getMetadata().getName(),
                    DeleteOptions.BACKGROUND.withGracePeriod(Duration.ZERO));
        } catch (ApiException held) {
            throw new AssertionError(held);
        }
    }
}
