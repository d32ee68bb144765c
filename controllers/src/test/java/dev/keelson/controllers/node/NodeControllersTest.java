package dev.keelson.controllers.node;

import static dev.keelson.controllers.TestObjects.node;
import static dev.keelson.controllers.TestObjects.pod;
import static dev.keelson.controllers.TestObjects.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NodeControllersTest {
    private final TestWorld world = new TestWorld();

    @Test
    void everyNodeGetsARangeOfItsOwn() {
        var loop = world.start(context -> new NodeIpamController(context, "10.42.0.0/22"));
        for (String name : List.of("a", "b", "c")) {
            world.client().create(ResourceType.NODES, node(name));
        }
        world.settle(loop);

        assertThat(ranges()).containsExactlyInAnyOrder("10.42.0.0/24", "10.42.1.0/24", "10.42.2.0/24");
    }

    @Test
    void rangesLeftBehindByOthersAreAvoidedAndAFullClusterSaysSo() {
        Node present = node("present");
        present.setSpec(new io.fabric8.kubernetes.api.model.NodeSpecBuilder()
                .withPodCIDR("10.42.0.128/25")
                .build());
        world.client().create(ResourceType.NODES, present);
        var loop = world.start(context -> new NodeIpamController(context, "10.42.0.0/23"));
        world.client().create(ResourceType.NODES, node("a"));
        world.client().create(ResourceType.NODES, node("b"));
        world.settle(loop);

        assertThat(range("a")).isEqualTo("10.42.1.0/24");
        assertThat(range("b")).isNull();
        assertThat(world.events()).containsExactly("CIDRNotAvailable: every /24 of 10.42.0.0/23 is in use by a node");
    }

    @Test
    void silentNodeBecomesUnknownAndTaintedAndComesBack() {
        ControllerLoop<ObjectKey> loop = lifecycle();
        world.client().create(ResourceType.NODES, node("a"));
        heartbeat();
        world.pass(Duration.ofSeconds(39), loop);
        assertThat(ready("a")).isEqualTo("True");

        world.pass(Duration.ofSeconds(10), loop);
        assertThat(ready("a")).isEqualTo("Unknown");
        assertThat(taints("a"))
                .containsExactlyInAnyOrder(
                        "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute");

        heartbeat();
        Node back = world.client().get(ResourceType.NODES, "", "a");
        back.getStatus().getConditions().getFirst().setStatus("True");
        world.client().updateStatus(ResourceType.NODES, back);
        world.pass(Duration.ofSeconds(6), loop);
        assertThat(taints("a")).isEmpty();
    }

    @Test
    void nodeThatReportsReadyAgainIsBelievedBeforeItsLeaseMoves() {
        ControllerLoop<ObjectKey> loop = lifecycle();
        world.client().create(ResourceType.NODES, node("a"));
        heartbeat();
        world.pass(Duration.ofSeconds(50), loop);
        assertThat(ready("a")).isEqualTo("Unknown");

        Node back = world.client().get(ResourceType.NODES, "", "a");
        back.getStatus().getConditions().getFirst().setStatus("True");
        world.client().updateStatus(ResourceType.NODES, back);
        world.pass(Duration.ofSeconds(2), loop);

        assertThat(ready("a")).isEqualTo("True");
        assertThat(taints("a")).isEmpty();
    }

    @Test
    void oldLeaseOfAStoppedClusterIsNoSilenceYet() {
        heartbeat();
        world.client().create(ResourceType.NODES, node("a"));
        ControllerLoop<ObjectKey> loop = lifecycle();

        world.pass(Duration.ofSeconds(35), loop);

        assertThat(ready("a")).isEqualTo("True");
    }

    @Test
    void podsOfAnUnreachableNodeStopBeingReadyAtOnceAndGoAfterFiveMinutes() {
        Node node = node("node-1");
        node.setSpec(new io.fabric8.kubernetes.api.model.NodeSpecBuilder()
                .withTaints(new Taint(
                        "NoExecute", NodeHealth.UNREACHABLE, world.now().toString(), null))
                .build());
        world.client().create(ResourceType.NODES, node);
        Pod created = world.client().create(ResourceType.PODS, running(pod("a"), "10.0.0.1", true));
        created.setStatus(running(pod("a"), "10.0.0.1", true).getStatus());
        world.client().updateStatus(ResourceType.PODS, created);
        ControllerLoop<ObjectKey> loop = world.start(TaintEvictionController::new);

        world.pass(Duration.ofSeconds(1), loop);
        assertThat(Pods.ready(livePod())).isFalse();
        assertThat(Pods.terminating(livePod())).isFalse();

        world.pass(Duration.ofSeconds(300), loop);
        assertThat(Pods.terminating(livePod())).isTrue();
    }

    @Test
    void tolerationsDecideWhenAPodMustGo() {
        Instant added = Instant.parse("2025-01-01T00:00:00Z");
        List<Taint> own = List.of(new Taint("NoExecute", "maintenance", added.toString(), null));
        Toleration forever = new Toleration("NoExecute", "maintenance", "Exists", null, null);
        Toleration minute = new Toleration("NoExecute", "maintenance", "Exists", 60L, null);

        assertThat(TaintEvictionPlanner.evictAt(List.of(), own, added)).contains(added);
        assertThat(TaintEvictionPlanner.evictAt(List.of(minute), own, added)).contains(added.plusSeconds(60));
        assertThat(TaintEvictionPlanner.evictAt(List.of(forever), own, added)).isEmpty();
        assertThat(TaintEvictionPlanner.evictAt(List.of(), List.of(), added)).isEmpty();
    }

    private ControllerLoop<ObjectKey> lifecycle() {
        return world.start(context -> new NodeLifecycleController(context, Duration.ofSeconds(40)));
    }

    private void heartbeat() {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("kube-node-lease")
                .withName("a")
                .endMetadata()
                .withNewSpec()
                .withRenewTime(ZonedDateTime.ofInstant(world.now(), ZoneOffset.UTC))
                .endSpec()
                .build();
        boolean known = !world.client()
                .list(ResourceType.LEASES, "", ListOptions.ALL)
                .items()
                .isEmpty();
        if (known) {
            world.client().update(ResourceType.LEASES, lease);
        } else {
            world.client().create(ResourceType.LEASES, lease);
        }
    }

    private Set<String> ranges() {
        return world.client().list(ResourceType.NODES, "", ListOptions.ALL).items().stream()
                .map(node -> node.getSpec().getPodCIDR())
                .collect(Collectors.toSet());
    }

    private String range(String name) {
        Node node = world.client().get(ResourceType.NODES, "", name);
        return node.getSpec() == null ? null : node.getSpec().getPodCIDR();
    }

    private String ready(String name) {
        return NodeHealth.conditions(world.client().get(ResourceType.NODES, "", name))
                .getFirst()
                .getStatus();
    }

    private List<String> taints(String name) {
        Node node = world.client().get(ResourceType.NODES, "", name);
        return node.getSpec().getTaints().stream()
                .map(taint -> taint.getKey() + ":" + taint.getEffect())
                .toList();
    }

    private Pod livePod() {
        return world.client().get(ResourceType.PODS, "shop", "a");
    }
}
