package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.FakeRuntime;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order and hooks of a start, ephemeral containers, and what people are told meanwhile. */
class PodStartTest {

    @Test
    void anObjectThatChangesWhileVolumesAreUpdatedIsNotMissed() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        assertThat(world.mounts).isEqualTo(1);
        world.objects = "one has changed";
        world.duringMount = () -> {
            world.objects = "and another";
            world.duringMount = () -> {};
        };
        world.settle();
        assertThat(world.mounts).isEqualTo(3);
    }

    @Test
    void podOnTheHostsNetworkGetsNoInterfaceThere() {
        PodWorld world =
                new PodWorld(Pods.pod().editSpec().withHostNetwork(true).endSpec());
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.attached).isEmpty();
        assertThat(world.reserved).isEmpty();
        assertThat(world.status().getPodIP()).isEqualTo(world.status().getHostIP());
    }

    @Test
    void containerWaitsForThePostStartHookOfTheOneBeforeIt() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withContainers(Pods.hooked("first"), Pods.container("second"))
                .endSpec());
        world.step();
        assertThat(starts(world)).containsExactly("startContainer first");
        assertThat(world.status("first").getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
        assertThat(world.status().getPhase()).isEqualTo("Pending");
        world.settle();
        assertThat(starts(world)).containsExactly("startContainer first", "startContainer second");
        assertThat(world.status("first").getReady()).isTrue();
        assertThat(world.status().getPhase()).isEqualTo("Running");
    }

    @Test
    void sidecarHoldsUpTheNextContainerUntilItsHookHasEnded() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withInitContainers(new ContainerBuilder(Pods.hooked("proxy"))
                        .withRestartPolicy("Always")
                        .build())
                .endSpec());
        world.step();
        assertThat(starts(world)).containsExactly("startContainer proxy");
        assertThat(condition(world, "Initialized").getMessage())
                .isEqualTo("containers with incomplete status: [proxy]");
        world.settle();
        assertThat(starts(world)).containsExactly("startContainer proxy", "startContainer app");
    }

    @Test
    void failedPostStartHookEndsTheContainerWhichIsThenRestarted() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withContainers(Pods.hooked("app")).endSpec());
        world.hookErrors.put(
                "app",
                new NodeException(NodeException.Kind.INVALID, "FailedPostStartHook", "PostStartHook failed: no"));
        world.settle();
        assertThat(world.events).contains("FailedPostStartHook PostStartHook failed: no");
        assertThat(world.status("app").getRestartCount()).isEqualTo(1);
        assertThat(world.status("app").getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        world.hookErrors.clear();
        world.pass(Duration.ofSeconds(10));
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void containerThatCannotStartHoldsUpNobodyWithItsHook() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withContainers(Pods.hooked("first"), Pods.container("second"))
                .endSpec());
        world.args.put("first", List.of(FakeRuntime.MISSING));
        world.settle();
        assertThat(world.status("first").getLastState().getTerminated().getReason())
                .isEqualTo("StartError");
        assertThat(world.status("second").getReady()).isTrue();
    }

    @Test
    void hookThatTheAgentDidNotSurviveIsRunAgain() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withContainers(Pods.hooked("app")).endSpec());
        world.step();
        world.killAgent();
        world.step();
        assertThat(world.status("app").getReady()).isFalse();
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(starts(world)).containsExactly("startContainer app");
        assertThat(world.hooks).containsExactly(world.run("app").id());
    }

    @Test
    void hookThatHasEndedIsNotRunAgainByTheNextAgent() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withContainers(Pods.hooked("app")).endSpec());
        world.settle();
        world.killAgent();
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.hooks).hasSize(1);
    }

    @Test
    void startWhoseAnswerIsLostIsToldAndHooked() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withContainers(Pods.hooked("app")).endSpec());
        world.engine = engine -> Engines.answering(engine, (method, answer) -> {
            if (method.equals("startContainer")) {
                throw new NodeException(NodeException.Kind.TRANSIENT, "RunContainerError", "nobody answers");
            }
            return answer;
        });
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.hooks).hasSize(1);
        assertThat(world.events)
                .contains("Started Started container app")
                .noneMatch(event -> event.startsWith("Failed"));
    }

    @Test
    void ephemeralContainerStartsAlthoughInitializationHangs() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withInitContainers(Pods.container("init")).endSpec());
        world.settle();
        world.change(pod -> debugged(pod, debugger("").build()));
        world.settle();
        assertThat(world.status("debugger").getState().getRunning()).isNotNull();
        assertThat(world.status().getEphemeralContainerStatuses()).hasSize(1);
        assertThat(world.status("debugger").getReady()).isFalse();
        assertThat(world.status().getPhase()).isEqualTo("Pending");
    }

    @Test
    void ephemeralContainerNeverRunsAgainAndDoesNotCountForReadiness() {
        PodWorld world = new PodWorld(Pods.pod());
        world.change(pod -> debugged(pod, debugger("").build()));
        world.settle();
        world.runtime.exit(world.run("debugger").id(), 1);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.status("debugger").getState().getTerminated().getExitCode())
                .isEqualTo(1);
        assertThat(world.runtime.listContainers().stream()
                        .filter(run -> run.name().equals("debugger")))
                .hasSize(1);
        assertThat(condition(world, "Ready").getStatus()).isEqualTo("True");
    }

    @Test
    void ephemeralContainerJoinsTheProcessesOfItsTargetOnceThatRuns() {
        PodWorld world = new PodWorld(Pods.pod());
        world.images.clear();
        world.pullErrors.put(
                Pods.IMAGE, new NodeException(NodeException.Kind.TRANSIENT, "ErrImagePull", "registry is away"));
        world.settle();
        world.images.add("debug:1");
        world.change(pod -> debugged(pod, debugger("app").withImage("debug:1").build()));
        world.settle();
        assertThat(world.status("debugger").getState().getWaiting().getMessage())
                .isEqualTo("unable to find target container \"app\": it is not running");
        world.pullErrors.clear();
        world.pass(Duration.ofSeconds(30));
        String target = world.run("app").id();
        assertThat(world.runtime.config(world.run("debugger").id()).processesOf())
                .contains(target);
    }

    @Test
    void podIsPendingUntilEveryContainerHasRun() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .addToContainers(new ContainerBuilder(Pods.container("other"))
                        .withImage("gone:1")
                        .build())
                .endSpec());
        world.pullErrors.put(
                "gone:1", new NodeException(NodeException.Kind.TRANSIENT, "ErrImagePull", "no such image"));
        world.settle();
        assertThat(world.status("app").getState().getRunning()).isNotNull();
        assertThat(world.status().getPhase()).isEqualTo("Pending");
    }

    @Test
    void everyBackOffIsToldOnce() {
        PodWorld world = new PodWorld(Pods.pod());
        world.args.put("app", List.of(FakeRuntime.EXIT, "3"));
        world.settle();
        world.settle();
        String told = "BackOff Back-off restarting failed container app in pod web_shop(uid-1)";
        assertThat(world.events).containsOnlyOnce(told);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.events.stream().filter(told::equals)).hasSize(2);
    }

    @Test
    void failedPullAndItsBackOffAreToldOnceEach() {
        PodWorld world = new PodWorld(Pods.pod());
        world.images.clear();
        world.pullErrors.put(
                Pods.IMAGE, new NodeException(NodeException.Kind.TRANSIENT, "ErrImagePull", "registry answered 401"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.events)
                .containsOnlyOnce(
                        "Failed Failed to pull image \"reg.local/web:1\": registry answered 401",
                        "Failed Error: ErrImagePull")
                .doesNotContain("Failed Error: ImagePullBackOff");
        world.pass(Duration.ofSeconds(3));
        assertThat(world.events)
                .containsOnlyOnce(
                        "BackOff Back-off pulling image \"reg.local/web:1\"", "Failed Error: ImagePullBackOff");
    }

    /** As the kubelet: what is no name is neither pulled nor waited for. */
    @Test
    void invalidNameOfAnImageStaysWhatItIs() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .editFirstContainer()
                .withImage("UPPER/bad:::")
                .endContainer()
                .endSpec());
        world.pass(Duration.ofSeconds(5));
        assertThat(world.status("app").getState().getWaiting().getReason()).isEqualTo("InvalidImageName");
        assertThat(world.events)
                .containsOnlyOnce("Failed Error: InvalidImageName")
                .noneMatch(event -> event.startsWith("BackOff")
                        || event.startsWith("Pulling")
                        || event.contains("ImagePullBackOff"));
    }

    @Test
    void closedReadinessGateIsNamed() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().addNewReadinessGate("example.com/open").endSpec());
        world.settle();
        assertThat(condition(world, "ContainersReady").getStatus()).isEqualTo("True");
        assertThat(condition(world, "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");
        assertThat(condition(world, "Ready").getMessage())
                .isEqualTo("corresponding condition of pod readiness gate \"example.com/open\" does not exist.");
    }

    private static EphemeralContainerBuilder debugger(String target) {
        return new EphemeralContainerBuilder()
                .withName("debugger")
                .withImage(Pods.IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withTargetContainerName(target);
    }

    private static Pod debugged(Pod pod, EphemeralContainer added) {
        return new PodBuilder(pod)
                .editSpec()
                .addToEphemeralContainers(added)
                .endSpec()
                .build();
    }

    private static List<String> starts(PodWorld world) {
        return world.runtime.calls().stream()
                .filter(call -> call.startsWith("startContainer"))
                .toList();
    }

    private static PodCondition condition(PodWorld world, String type) {
        return world.status().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
