package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.CrashBackoff;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.FakeRuntime;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodSyncTest {

    @Test
    void boundPodRunsAndIsReportedReady() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        assertThat(world.runtime.calls())
                .containsExactly("runPodSandbox uid-1", "createContainer app", "startContainer app");
        assertThat(world.status().getPhase()).isEqualTo("Running");
        assertThat(world.status().getPodIP()).isEqualTo("10.0.0.2");
        assertThat(world.status().getHostIP()).isEqualTo("192.0.2.1");
        assertThat(condition(world, "Ready")).isEqualTo("True");
        assertThat(world.status("app").getContainerID()).startsWith("keelson://");
    }

    @Test
    void addressIsReservedWhileTheSandboxIsMade() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        assertThat(world.reserved).containsExactly("uid-1");
    }

    @Test
    void whatCannotBeDoneAheadIsDoneLater() {
        PodWorld world = new PodWorld(Pods.pod());
        world.reservationError = Optional.of(error("FailedCreatePodSandBox", "disk full"));
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.events).noneMatch(event -> event.contains("disk full"));
    }

    @Test
    void absentImageIsPulledThenRun() {
        PodWorld world = new PodWorld(Pods.pod());
        world.images.clear();
        world.settle();
        assertThat(world.status("app").getState().getRunning()).isNotNull();
        assertThat(world.events).anyMatch(event -> event.startsWith("Pulling"));
    }

    @Test
    void failedPullShowsThenBacksOff() {
        PodWorld world = new PodWorld(Pods.pod());
        world.images.clear();
        world.pullErrors.put(Pods.IMAGE, error("ErrImagePull", "registry answered 401"));
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("ErrImagePull");
        world.pass(Duration.ofSeconds(3));
        assertThat(waiting(world, "app")).isEqualTo("ImagePullBackOff");
        world.pullErrors.clear();
        world.pass(Duration.ofSeconds(10));
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void correctedImageDoesNotWaitForTheWrongOne() {
        PodWorld world = new PodWorld(Pods.pod());
        world.images.clear();
        world.pullErrors.put(Pods.IMAGE, error("ErrImagePull", "no such image"));
        world.settle();
        for (int tries = 0; tries < 6; tries++) {
            world.pass(Duration.ofMinutes(5));
        }
        world.change(pod -> {
            pod.getSpec().getContainers().getFirst().setImage("corrected:1");
            return pod;
        });
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void containersOfOneMissingImageWaitTogether() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withContainers(Pods.container("app"), Pods.container("beside"))
                .endSpec());
        world.images.clear();
        world.pullErrors.put(Pods.IMAGE, error("ErrImagePull", "no such image"));
        world.settle();
        world.pass(Duration.ofSeconds(3));
        assertThat(waiting(world, "app")).isEqualTo("ImagePullBackOff");
        assertThat(waiting(world, "beside")).isEqualTo("ImagePullBackOff");
        world.pullErrors.clear();
        // The first wait, although two pulls have failed.
        world.pass(Duration.ofSeconds(8));
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.status("beside").getReady()).isTrue();
    }

    @Test
    void imageThatMayNotBePulledIsNamed() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withContainers(new ContainerBuilder(Pods.container("app"))
                        .withImagePullPolicy("Never")
                        .build())
                .endSpec());
        world.images.clear();
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("ErrImageNeverPull");
    }

    @Test
    void crashLoopBacksOffLongerEachTimeAndCountsRestarts() {
        PodWorld world = new PodWorld(Pods.pod());
        world.args.put("app", List.of(FakeRuntime.EXIT, "3"));
        world.settle(); // attempt 0 and, at once, attempt 1
        assertThat(world.status("app").getRestartCount()).isEqualTo(1);
        assertThat(waiting(world, "app")).isEqualTo("CrashLoopBackOff");
        assertThat(world.status("app").getLastState().getTerminated().getExitCode())
                .isEqualTo(3);
        world.pass(Duration.ofSeconds(9));
        assertThat(world.status("app").getRestartCount()).isEqualTo(1);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.status("app").getRestartCount()).isEqualTo(2);
        world.pass(Duration.ofSeconds(20));
        assertThat(world.status("app").getRestartCount()).isEqualTo(3);
        assertThat(world.runtime.listContainers()).hasSize(2);
    }

    @Test
    void aLongRunMakesTheNextRestartImmediate() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        for (int i = 0; i < 3; i++) {
            world.pass(CrashBackoff.FORGIVEN_AFTER);
            world.runtime.exit(world.run("app").id(), 1);
            world.settle();
            assertThat(world.status("app").getState().getRunning()).isNotNull();
        }
        assertThat(world.status("app").getRestartCount()).isEqualTo(3);
    }

    @Test
    void podThatNeverRestartsEndsAndGivesEverythingBack() {
        PodWorld world =
                new PodWorld(Pods.pod().editSpec().withRestartPolicy("Never").endSpec());
        world.args.put("app", List.of(FakeRuntime.EXIT, "0"));
        world.settle();
        assertThat(world.status().getPhase()).isEqualTo("Succeeded");
        assertThat(world.attached).isEmpty();
        assertThat(world.runtime.listPodSandboxes()).allMatch(s -> s.state() == PodSandbox.State.NOT_READY);
        assertThat(world.runtime.listContainers()).hasSize(1);
        String address = world.status().getPodIP();
        assertThat(address).isNotEmpty();
        world.killAgent();
        world.settle();
        assertThat(world.status().getPodIP()).isEqualTo(address);
        assertThat(world.status().getPhase()).isEqualTo("Succeeded");
        assertThat(world.runtime.listContainers()).hasSize(1);
    }

    @Test
    void initContainersRunInOrderBeforeMainOnes() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withInitContainers(Pods.container("one"), Pods.sidecar("side"), Pods.container("two"))
                .endSpec());
        world.args.put("one", List.of(FakeRuntime.EXIT, "0"));
        world.settle();
        assertThat(world.runtime.calls().stream().filter(call -> call.startsWith("start")))
                .containsExactly("startContainer one", "startContainer side", "startContainer two");
        assertThat(waiting(world, "app")).isEqualTo("PodInitializing");
        world.runtime.exit(world.run("two").id(), 0);
        world.settle();
        assertThat(world.status("app").getState().getRunning()).isNotNull();
        assertThat(condition(world, "Initialized")).isEqualTo("True");
    }

    @Test
    void failedLivenessRestartsTheContainer() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .editFirstContainer()
                .withNewLivenessProbe()
                .withNewExec()
                .withCommand("true")
                .endExec()
                .endLivenessProbe()
                .endContainer()
                .endSpec());
        world.settle();
        world.verdicts.put(world.run("app").id(), new ProbeVerdict(true, true, false, true));
        world.settle();
        assertThat(world.events).anyMatch(event -> event.contains("failed liveness probe"));
        assertThat(world.status("app").getRestartCount()).isEqualTo(1);
        assertThat(world.status("app").getState().getRunning()).isNotNull();
    }

    @Test
    void deletionStopsReleasesAndDeletesFromTheApi() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        world.delete(Duration.ofSeconds(30));
        world.settle();
        assertThat(world.inApi()).isFalse();
        assertThat(world.last
                        .orElseThrow()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(143);
        assertThat(world.last.orElseThrow().getPhase()).isEqualTo("Failed");
        assertThat(world.runtime.listPodSandboxes()).isEmpty();
        assertThat(world.runtime.listContainers()).isEmpty();
        assertThat(world.attached).isEmpty();
        assertThat(world.volumes).isEmpty();
    }

    @Test
    void whatEndedIsToldOfADeletedPodThoughItsNextRunCouldNotBeMade() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        world.runtime.failNext("createContainer", "app", error("RunContainerError", "disk full"));
        world.runtime.exit(world.run("app").id(), 3);
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("RunContainerError");
        world.delete(Duration.ofSeconds(30));
        world.settle();
        assertThat(world.inApi()).isFalse();
        assertThat(world.last
                        .orElseThrow()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(3);
    }

    @Test
    void processesAreStoppedOnlyAfterTheirTrafficMovedOn() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        world.delete(Duration.ofSeconds(30));
        world.step();
        assertThat(world.runtime.calls()).doesNotContain("stopContainer app");
        world.settle();
        assertThat(world.drained).containsExactly("10.0.0.2");
        assertThat(world.inApi()).isFalse();
    }

    @Test
    void restartedAgentChangesNothing() {
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .editFirstContainer()
                .withNewReadinessProbe()
                .withNewExec()
                .withCommand("true")
                .endExec()
                .endReadinessProbe()
                .endContainer()
                .endSpec());
        world.settle();
        world.verdicts.put(world.run("app").id(), new ProbeVerdict(true, true, false, false));
        world.settle();
        var before = world.status();
        List<String> calls = world.runtime.calls();
        world.killAgent();
        world.verdicts.clear();
        world.networkUp = false;
        world.settle();
        assertThat(world.status()).isEqualTo(before);
        world.networkUp = true;
        world.settle();
        assertThat(world.status()).isEqualTo(before);
        assertThat(world.runtime.calls()).isEqualTo(calls);
    }

    @Test
    void rebootedNodeRunsThePodAgainAndKeepsCounting() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        world.runtime.reboot();
        world.killAgent();
        world.settle();
        assertThat(world.status("app").getState().getRunning()).isNotNull();
        assertThat(world.status("app").getRestartCount()).isEqualTo(1);
        assertThat(world.status("app").getLastState().getTerminated()).isNotNull();
    }

    @Test
    void missingConfigIsShownAndTriedAgain() {
        PodWorld world = new PodWorld(Pods.pod());
        world.configError = Optional.of(error("CreateContainerConfigError", "configmap \"x\" not found"));
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("CreateContainerConfigError");
        world.configError = Optional.empty();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void aPodThatDoesNotGetOnTheNetworkIsAttachedAgainBeforeAnythingRunsInIt() {
        PodWorld world = new PodWorld(Pods.pod());
        world.connectionError = Optional.of(error("FailedCreatePodSandBox", "the bridge did not open a port"));
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("ContainerCreating");
        assertThat(world.events).contains("FailedCreatePodSandBox the bridge did not open a port");
        assertThat(world.run("app").state()).isEqualTo(ContainerStatus.State.CREATED);
        world.connectionError = Optional.empty();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(world.status("app").getRestartCount()).isZero();
    }

    @Test
    void missingVolumeHoldsUpTheStart() {
        PodWorld world = new PodWorld(Pods.pod());
        world.volumeError = Optional.of(error("FailedMount", "configmap \"x\" not found"));
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("ContainerCreating");
        assertThat(world.events).contains("FailedMount configmap \"x\" not found");
        world.volumeError = Optional.empty();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void imageOfAVolumeIsPulledAndBackedOffAsThatOfAContainer() {
        PodWorld world = new PodWorld(mountingImage("Always"));
        world.pullErrors.put(DATA, error("ErrImagePull", "not found"));
        world.settle();
        assertThat(waiting(world, "app")).isEqualTo("ErrImagePull");
        assertThat(world.events)
                .contains(
                        "Pulling Pulling image \"reg.test/data:1\"",
                        "Failed Failed to pull image \"reg.test/data:1\": not found",
                        "Failed Error: ErrImagePull");
        world.pass(Duration.ofSeconds(3));
        assertThat(waiting(world, "app")).isEqualTo("ImagePullBackOff");
        assertThat(world.events)
                .contains("BackOff Back-off pulling image \"reg.test/data:1\"", "Failed Error: ImagePullBackOff");
        // After 10, 20, 40, 80 and 160 seconds.
        world.pass(Duration.ofSeconds(310));
        assertThat(pulls(world)).isEqualTo(6);
        world.pullErrors.clear();
        world.pass(Duration.ofSeconds(300));
        assertThat(world.status("app").getReady()).isTrue();
        assertThat(pulls(world)).isEqualTo(7);
        assertThat(world.events)
                .anyMatch(event -> event.startsWith("Pulled Successfully pulled image \"reg.test/data:1\""));
    }

    @Test
    void imageOfAVolumeIsChosenOnce() {
        PodWorld world = new PodWorld(mountingImage("Always"));
        world.settle();
        world.killAgent();
        world.pullErrors.put(DATA, error("ErrImagePull", "the registry is gone"));
        world.images.remove(DATA);
        world.pass(Duration.ofMinutes(1));
        assertThat(pulls(world)).isEqualTo(1);
        assertThat(world.mounts).isEqualTo(2);
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void imageOfAVolumeThatIsHereIsNotPulled() {
        PodWorld world = new PodWorld(mountingImage("IfNotPresent"));
        world.images.add(DATA);
        world.settle();
        assertThat(pulls(world)).isZero();
        assertThat(world.events)
                .containsOnlyOnce("Pulled Container image \"reg.test/data:1\" already present on machine");
    }

    @Test
    void imageThatCameByAnotherPodIsNotWaitedFor() {
        PodWorld world = new PodWorld(mountingImage("IfNotPresent"));
        world.pullErrors.put(DATA, error("ErrImagePull", "not found"));
        world.settle();
        world.images.add(DATA);
        world.settle();
        assertThat(world.status("app").getReady()).isTrue();
    }

    @Test
    void imageOfAVolumeThatIsNeverPulledIsToldByTheContainersThatMountIt() {
        PodWorld world = new PodWorld(mountingImage("Never"));
        world.volumeError = Optional.of(error("ErrImageNeverPull", "it is not present"));
        world.pass(Duration.ofSeconds(3));
        assertThat(waiting(world, "app")).isEqualTo("ErrImageNeverPull");
        assertThat(world.events).contains("Failed it is not present", "Failed Error: ErrImageNeverPull");
        assertThat(pulls(world)).isZero();
    }

    private static final String DATA = "reg.test/data:1";

    private static PodBuilder mountingImage(String policy) {
        return Pods.pod()
                .editSpec()
                .addNewVolume()
                .withName("img")
                .withNewImage(policy, DATA)
                .endVolume()
                .editFirstContainer()
                .addNewVolumeMount()
                .withName("img")
                .withMountPath("/img")
                .endVolumeMount()
                .endContainer()
                .endSpec();
    }

    private static long pulls(PodWorld world) {
        return world.events.stream()
                .filter(event -> event.equals("Pulling Pulling image \"reg.test/data:1\""))
                .count();
    }

    @Test
    void programThatCannotRunIsNamed() {
        PodWorld world = new PodWorld(Pods.pod());
        world.args.put("app", List.of(FakeRuntime.MISSING));
        world.settle();
        assertThat(waiting(world, "app")).isIn("RunContainerError", "CrashLoopBackOff");
        assertThat(world.events).anyMatch(event -> event.contains("no such file"));
    }

    @Test
    void deadlineEndsThePod() {
        PodWorld world = new PodWorld(
                Pods.pod().editSpec().withActiveDeadlineSeconds(60L).endSpec());
        world.settle();
        world.pass(Duration.ofSeconds(61));
        assertThat(world.status().getPhase()).isEqualTo("Failed");
        assertThat(world.status().getReason()).isEqualTo("DeadlineExceeded");
        assertThat(world.events)
                .containsOnlyOnce("DeadlineExceeded Pod was active on the node longer than the specified deadline");
    }

    @Test
    void podThatIsForcedAwayLeavesNothing() {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        world.forceDelete();
        world.killAgent();
        world.settle();
        assertThat(world.runtime.listPodSandboxes()).isEmpty();
        assertThat(world.attached).isEmpty();
        assertThat(world.volumes).isEmpty();
    }

    private static NodeException error(String reason, String message) {
        return new NodeException(NodeException.Kind.TRANSIENT, reason, message);
    }

    private static String waiting(PodWorld world, String container) {
        var waiting = world.status(container).getState().getWaiting();
        return waiting == null ? "not waiting" : waiting.getReason();
    }

    private static String condition(PodWorld world, String type) {
        return world.status().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(PodCondition::getStatus)
                .findFirst()
                .orElse("absent");
    }
}
