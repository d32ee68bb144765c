package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.probe.ProbeOutcome;
import dev.keelson.node.probe.ProbeSpec.Check;
import dev.keelson.node.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a hook does, by its handler. */
class NodeHooksTest {
    private final List<Check> asked = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private ProbeOutcome answer = new ProbeOutcome(true, "");

    private final NodeHooks hooks = new NodeHooks(
            (check, target, timeout) -> {
                asked.add(check);
                return answer;
            },
            new PodEvents() {
                @Override
                public void normal(DesiredPod pod, String container, String reason, String message) {}

                @Override
                public void warning(DesiredPod pod, String container, String reason, String message) {
                    events.add(reason + " " + message);
                }
            });

    private static DesiredPod pod(Lifecycle lifecycle) {
        return Pods.desired(Pods.pod()
                .editSpec()
                .withContainers(new ContainerBuilder(Pods.container("app"))
                        .withLifecycle(lifecycle)
                        .addNewPort()
                        .withName("admin")
                        .withContainerPort(9000)
                        .endPort()
                        .build())
                .endSpec());
    }

    private ContainerStatus run(DesiredPod pod) {
        PodWorld world = new PodWorld(Pods.pod());
        world.settle();
        return world.run("app");
    }

    private void preStop(Lifecycle lifecycle, Duration limit) {
        DesiredPod pod = pod(lifecycle);
        hooks.preStop(pod, pod.containers().getFirst(), run(pod), List.of("10.0.0.7"), limit);
    }

    @Test
    void connectionsAreMadeToNamedPorts() {
        preStop(
                new LifecycleBuilder()
                        .withNewPreStop()
                        .withNewTcpSocket()
                        .withPort(new IntOrString("admin"))
                        .endTcpSocket()
                        .endPreStop()
                        .build(),
                Duration.ofSeconds(5));
        assertThat(asked).singleElement().isInstanceOfSatisfying(Check.Tcp.class, tcp -> assertThat(
                        tcp.port().number())
                .hasValue(9000));
        assertThat(events).isEmpty();
    }

    @Test
    void sleepEndsWithTheGracePeriodAndAsksNobody() {
        Instant begun = Instant.now();
        preStop(
                new LifecycleBuilder()
                        .withNewPreStop()
                        .withNewSleep(3600L)
                        .endPreStop()
                        .build(),
                Duration.ofMillis(20));
        assertThat(Duration.between(begun, Instant.now())).isBetween(Duration.ofMillis(20), Duration.ofSeconds(60));
        assertThat(asked).isEmpty();
    }

    @Test
    void aFailedPreStopHookIsOnlyToldAndAFailedPostStartHookIsAFailure() {
        answer = new ProbeOutcome(false, "no way");
        Lifecycle both = new LifecycleBuilder()
                .withNewPreStop()
                .withNewExec()
                .withCommand("bye")
                .endExec()
                .endPreStop()
                .withNewPostStart()
                .withNewExec()
                .withCommand("hello")
                .endExec()
                .endPostStart()
                .build();
        preStop(both, Duration.ofSeconds(5));
        assertThat(events).containsExactly("FailedPreStopHook PreStopHook failed: no way");
        DesiredPod pod = pod(both);
        assertThatThrownBy(() -> hooks.postStart(pod, pod.containers().getFirst(), run(pod), List.of("10.0.0.7")))
                .hasMessage("PostStartHook failed: no way");
        assertThat(asked).containsExactly(new Check.Exec(List.of("bye")), new Check.Exec(List.of("hello")));
    }
}
