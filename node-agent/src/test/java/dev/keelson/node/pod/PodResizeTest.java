package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.DesiredPods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodResizeTest {
    private final PodWorld world = new PodWorld(podWith(container("100m")));

    @Test
    void limitsOfARunningContainerChangeInPlace() {
        world.settle();
        assertThat(cpuReported()).isEqualTo(new Quantity("100m"));
        resize("200m");
        assertThat(resizes()).hasSize(1);
        assertThat(world.run("app").attempt()).isZero();
        assertThat(cpuReported()).isEqualTo(new Quantity("200m"));
        assertThat(world.status("app").getAllocatedResources()).containsEntry("cpu", new Quantity("200m"));
        assertThat(condition("PodResizeInProgress")).isEmpty();
    }

    @Test
    void equalAmountsInOtherWordsAreNoChange() {
        world.settle();
        resize("0.1");
        assertThat(resizes()).isEmpty();
    }

    @Test
    void containerWhosePolicySaysSoIsRestarted() {
        Container picky = new ContainerBuilder(container("100m"))
                .addNewResizePolicy("cpu", "RestartContainer")
                .build();
        PodWorld restarting = new PodWorld(podWith(picky));
        restarting.settle();
        restarting.change(pod -> with(
                pod,
                new ContainerBuilder(picky)
                        .withResources(container("200m").getResources())
                        .build()));
        restarting.settle();
        assertThat(restarting.events).contains("Killing Container app resize requires restart");
        assertThat(restarting.status("app").getRestartCount()).isEqualTo(1);
        assertThat(restarting.status("app").getResources().getRequests()).containsEntry("cpu", new Quantity("200m"));
    }

    @Test
    void resizeThatTheNodeHasNoRoomForIsPendingUntilItHas() {
        world.settle();
        world.room = new ResizeRoom.Deferred("Node didn't have enough resource: cpu");
        resize("200m");
        assertThat(resizes()).isEmpty();
        assertThat(condition("PodResizePending").orElseThrow().getReason()).isEqualTo("Deferred");
        assertThat(world.status().getResize()).isEqualTo("Deferred");
        assertThat(world.status("app").getAllocatedResources()).containsEntry("cpu", new Quantity("100m"));
        world.room = new ResizeRoom.Fits();
        world.pass(Duration.ofSeconds(10));
        assertThat(resizes()).hasSize(1);
        assertThat(condition("PodResizePending")).isEmpty();
        assertThat(world.status().getResize()).isNull();
    }

    @Test
    void refusedLimitsAreToldAndTriedAgain() {
        world.settle();
        world.runtime.failNext("updateContainerResources", "app", busy());
        world.runtime.failNext("updatePodSandboxResources", Pods.UID, busy());
        resize("200m");
        assertThat(condition("PodResizeInProgress").orElseThrow().getReason()).isEqualTo("Error");
        assertThat(condition("PodResizeInProgress").orElseThrow().getMessage()).isEqualTo("the kernel says busy");
        world.pass(Duration.ofSeconds(1));
        assertThat(cpuReported()).isEqualTo(new Quantity("200m"));
    }

    @Test
    void agentThatWasAwayFindsTheResizeThatItMissed() {
        world.settle();
        world.killAgent();
        resize("200m");
        assertThat(resizes()).hasSize(1);
        world.killAgent();
        world.settle();
        assertThat(resizes()).hasSize(1);
    }

    @Test
    void whatThePodHasAsAWholeChangesForContainersWithoutALimitOfTheirOwn() {
        PodWorld shared = new PodWorld(whole("1"));
        shared.settle();
        assertThat(podResizes(shared)).isZero();
        grow(shared);
        assertThat(podResizes(shared)).isEqualTo(1);
        assertThat(shared.runtime.calls().stream().filter("updateContainerResources app"::equals))
                .hasSize(1);
        assertThat(shared.events).contains("ResizeCompleted Resized pod web");
        shared.killAgent();
        shared.settle();
        assertThat(podResizes(shared))
                .as("nobody reports what a pod was given as a whole: it is given once more")
                .isEqualTo(2);
        assertThat(shared.events.stream().filter("ResizeCompleted Resized pod web"::equals))
                .hasSize(1);
    }

    @Test
    void podThatTheNodeHasNoRoomForAsAWholeIsPending() {
        PodWorld shared = new PodWorld(whole("1"));
        shared.settle();
        shared.room = new ResizeRoom.Infeasible("Node didn't have enough capacity: cpu");
        grow(shared);
        assertThat(podResizes(shared)).isZero();
        assertThat(shared.status().getResize()).isEqualTo("Infeasible");
        shared.room = new ResizeRoom.Fits();
        shared.pass(Duration.ofSeconds(10));
        assertThat(podResizes(shared)).isEqualTo(1);
        assertThat(shared.status().getResize()).isNull();
    }

    @Test
    void refusedLimitsOfThePodAsAWholeAreToldAndTriedAgain() {
        PodWorld shared = new PodWorld(whole("1"));
        shared.settle();
        shared.runtime.failNext("updatePodSandboxResources", Pods.UID, busy());
        shared.runtime.failNext("updateContainerResources", "app", busy());
        grow(shared);
        assertThat(shared.status().getResize()).isEqualTo("InProgress");
        assertThat(shared.events).contains("ResizeError the kernel says busy");
        shared.pass(Duration.ofSeconds(1));
        assertThat(shared.status().getResize()).isNull();
    }

    private static void grow(PodWorld shared) {
        shared.change(pod -> whole("2")
                .withMetadata(pod.getMetadata())
                .withStatus(pod.getStatus())
                .build());
        shared.settle();
    }

    private static long podResizes(PodWorld world) {
        return world.runtime.calls().stream()
                .filter(call -> call.startsWith("updatePodSandboxResources"))
                .count();
    }

    private static PodBuilder whole(String cpu) {
        return Pods.pod()
                .editSpec()
                .withNewResources()
                .addToLimits("cpu", new Quantity(cpu))
                .endResources()
                .endSpec();
    }

    @Test
    void roomIsWhatTheNodeOffersLessWhatOthersAskFor() {
        DesiredPod small = DesiredPods.of(podWith(container("600m")).build());
        DesiredPod other = DesiredPods.of(podWith(container("500m"))
                .editMetadata()
                .withUid("uid-2")
                .endMetadata()
                .build());
        Map<String, Quantity> node = Map.of("cpu", new Quantity("1"), "memory", new Quantity("1Gi"));
        assertThat(ResizeRoom.of(small, List.of(small), node)).isEqualTo(new ResizeRoom.Fits());
        assertThat(ResizeRoom.of(small, List.of(small, other), node))
                .isEqualTo(new ResizeRoom.Deferred(
                        "Node didn't have enough resource: cpu, requested: 0.6, used: 0.5, capacity: 1"));
        DesiredPod withSidecar = DesiredPods.of(podWith(container("600m"))
                .editSpec()
                .addToInitContainers(new ContainerBuilder(container("500m"))
                        .withName("sidecar")
                        .withRestartPolicy("Always")
                        .build())
                .endSpec()
                .build());
        assertThat(ResizeRoom.of(withSidecar, List.of(withSidecar), node))
                .isEqualTo(new ResizeRoom.Infeasible(
                        "Node didn't have enough capacity: cpu, requested: 1.1, capacity: 1"));
        DesiredPod large = DesiredPods.of(podWith(container("1500m")).build());
        assertThat(ResizeRoom.of(large, List.of(large), node))
                .isEqualTo(new ResizeRoom.Infeasible(
                        "Node didn't have enough capacity: cpu, requested: 1.5, capacity: 1"));
    }

    private static dev.keelson.node.NodeException busy() {
        return new dev.keelson.node.NodeException(
                dev.keelson.node.NodeException.Kind.TRANSIENT, "Busy", "the kernel says busy");
    }

    private void resize(String cpu) {
        world.change(pod -> with(pod, container(cpu)));
        world.settle();
    }

    private Quantity cpuReported() {
        return world.status("app").getResources().getRequests().get("cpu");
    }

    private List<String> resizes() {
        return world.runtime.calls().stream()
                .filter("updateContainerResources app"::equals)
                .toList();
    }

    private Optional<PodCondition> condition(String type) {
        return world.status().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    private static Container container(String cpu) {
        return new ContainerBuilder(Pods.container("app"))
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .build();
    }

    private static PodBuilder podWith(Container container) {
        return Pods.pod().editSpec().withContainers(container).endSpec();
    }

    private static Pod with(Pod pod, Container container) {
        return new PodBuilder(pod)
                .editSpec()
                .withContainers(container)
                .endSpec()
                .build();
    }
}
