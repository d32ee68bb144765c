package dev.keelson.controllers.scheduler;

import static dev.keelson.controllers.TestObjects.node;
import static dev.keelson.controllers.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class SchedulerControllerTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(SchedulerController::new);

    @Test
    void podIsBoundToTheOnlyNode() {
        nodes(plain -> plain, "node-1");
        assertThat(schedule(pod("a"))).isEqualTo("node-1");
        assertThat(world.events()).containsExactly("Scheduled: Successfully assigned shop/a to node-1");
    }

    @Test
    void replicasAreSpread() {
        nodes(plain -> plain, "node-1", "node-2", "node-3");
        for (String name : List.of("a", "b", "c")) {
            schedule(new PodBuilder(pod(name))
                    .editMetadata()
                    .addNewOwnerReference()
                    .withController(true)
                    .withKind("ReplicaSet")
                    .withName("web")
                    .withUid("set")
                    .endOwnerReference()
                    .endMetadata()
                    .build());
        }

        assertThat(world.client().list(ResourceType.PODS, "", ListOptions.ALL).items())
                .extracting(Pods::node)
                .containsExactlyInAnyOrder("node-1", "node-2", "node-3");
    }

    @Test
    void podThatDoesNotFitSaysWhyAndIsBoundWhenAnotherLeaves() {
        nodes(plain -> plain, "node-1");
        schedule(requesting("big", "3"));

        assertThat(schedule(requesting("next", "2"))).isEmpty();
        assertThat(condition("next").getMessage()).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
        assertThat(condition("next").getReason()).isEqualTo("Unschedulable");
        assertThat(world.events()).contains("FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.");

        world.client()
                .delete(
                        ResourceType.PODS,
                        "shop",
                        "big",
                        DeleteOptions.BACKGROUND.withGracePeriod(java.time.Duration.ZERO));
        world.settle(loop);
        assertThat(nodeOf("next")).isEqualTo("node-1");
    }

    @Test
    void podWaitsForANodeAndGetsItWhenItBecomesReady() {
        assertThat(schedule(pod("a"))).isEmpty();
        assertThat(condition("a").getMessage()).isEqualTo("no nodes available to schedule pods");

        nodes(plain -> plain, "node-1");
        world.settle(loop);
        assertThat(nodeOf("a")).isEqualTo("node-1");
    }

    @Test
    void nodesThatAreNotReadyCordonedOrTaintedAreSkipped() {
        nodes(
                node -> node.editStatus()
                        .editFirstCondition()
                        .withStatus("False")
                        .endCondition()
                        .endStatus(),
                "not-ready");
        nodes(node -> node.withNewSpec().withUnschedulable(true).endSpec(), "cordoned");
        nodes(
                node -> node.withNewSpec()
                        .withTaints(new Taint("NoSchedule", "dedicated", null, "db"))
                        .endSpec(),
                "tainted");

        assertThat(schedule(pod("a"))).isEmpty();
        assertThat(condition("a").getMessage())
                .isEqualTo("0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, "
                        + "1 node(s) were not ready, 1 node(s) were unschedulable.");
    }

    @Test
    void toleratedTaintIsNoObstacle() {
        nodes(
                node -> node.withNewSpec()
                        .withTaints(new Taint("NoSchedule", "dedicated", null, "db"))
                        .endSpec(),
                "tainted");

        Pod tolerant = new PodBuilder(pod("a"))
                .editSpec()
                .addNewToleration()
                .withKey("dedicated")
                .withOperator("Equal")
                .withValue("db")
                .withEffect("NoSchedule")
                .endToleration()
                .endSpec()
                .build();
        assertThat(schedule(tolerant)).isEqualTo("tainted");
    }

    @Test
    void nodeSelectorAndRequiredAffinityChoose() {
        nodes(node -> node.editMetadata().addToLabels("disk", "ssd").endMetadata(), "fast");
        nodes(node -> node.editMetadata().addToLabels("disk", "hdd").endMetadata(), "slow");

        assertThat(schedule(new PodBuilder(pod("a"))
                        .editSpec()
                        .withNodeSelector(Map.of("disk", "hdd"))
                        .endSpec()
                        .build()))
                .isEqualTo("slow");
        assertThat(schedule(new PodBuilder(pod("b"))
                        .editSpec()
                        .withNewAffinity()
                        .withNewNodeAffinity()
                        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                        .addNewNodeSelectorTerm()
                        .withMatchExpressions(new NodeSelectorRequirement("disk", "NotIn", List.of("hdd")))
                        .endNodeSelectorTerm()
                        .endRequiredDuringSchedulingIgnoredDuringExecution()
                        .endNodeAffinity()
                        .endAffinity()
                        .endSpec()
                        .build()))
                .isEqualTo("fast");
    }

    @Test
    void podLimitOfANodeHolds() {
        nodes(plain -> plain, "node-1");
        for (int i = 0; i < 10; i++) {
            assertThat(schedule(pod("pod-" + i))).isEqualTo("node-1");
        }
        assertThat(schedule(pod("one-too-many"))).isEmpty();
        assertThat(condition("one-too-many").getMessage()).contains("Too many pods");
    }

    @Test
    void hungriestInitContainerDecidesWhatAPodOccupies() {
        Pod pod = new PodBuilder(requesting("a", "1"))
                .editSpec()
                .addNewInitContainer()
                .withName("init")
                .withNewResources()
                .addToRequests("cpu", new Quantity("2500m"))
                .endResources()
                .endInitContainer()
                .addNewInitContainer()
                .withName("sidecar")
                .withRestartPolicy("Always")
                .withNewResources()
                .addToRequests("cpu", new Quantity("200m"))
                .endResources()
                .endInitContainer()
                .endSpec()
                .build();

        assertThat(Resources.requestedBy(pod).get("cpu")).isEqualTo(2500);
        assertThat(Resources.requestedBy(requesting("b", "1")).get("cpu")).isEqualTo(1000);
        Pod shared = new PodBuilder(requesting("c", "1"))
                .editSpec()
                .withNewResources()
                .addToRequests("cpu", new Quantity("1700m"))
                .endResources()
                .addToOverhead("cpu", new Quantity("100m"))
                .endSpec()
                .build();
        assertThat(Resources.requestedBy(shared).get("cpu"))
                .as("of the pod as a whole")
                .isEqualTo(1800);
    }

    private void nodes(UnaryOperator<NodeBuilder> change, String... names) {
        for (String name : names) {
            world.client()
                    .create(
                            ResourceType.NODES,
                            change.apply(new NodeBuilder(node(name))).build());
        }
    }

    private String schedule(Pod pod) {
        world.client().create(ResourceType.PODS, pod);
        world.settle(loop);
        return nodeOf(pod.getMetadata().getName());
    }

    private String nodeOf(String name) {
        return Pods.node(world.client().get(ResourceType.PODS, "shop", name));
    }

    private PodCondition condition(String name) {
        return Pods.condition(world.client().get(ResourceType.PODS, "shop", name), "PodScheduled")
                .orElseThrow();
    }

    private static Pod requesting(String name, String cpu) {
        return new PodBuilder(pod(name))
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
