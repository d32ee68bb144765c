package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.probe.ProbeOutcome;
import dev.keelson.node.probe.ProbeSpec;
import dev.keelson.node.probe.ProbeTarget;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.probe.Prober;
import dev.keelson.node.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Hooks through the same exec and HTTP that probes use: exec, httpGet, tcpSocket and sleep. */
public final class NodeHooks implements PodHooks {
    /** A postStart hook has no limit of its own in Kubernetes; one that hangs for ever would never be noticed. */
    private static final Duration LONGEST_POST_START = Duration.ofMinutes(10);

    private final Prober prober;
    private final PodEvents events;

    public NodeHooks(Prober prober, PodEvents events) {
        this.prober = prober;
        this.events = events;
    }

    @Override
    public void postStart(DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps) {
        LifecycleHandler handler = container.spec().getLifecycle().getPostStart();
        ProbeOutcome outcome = run(handler, pod, container, run, podIps, LONGEST_POST_START);
        if (!outcome.success()) {
            throw new NodeException(
                    NodeException.Kind.INVALID, "FailedPostStartHook", "PostStartHook failed: " + outcome.message());
        }
    }

    @Override
    public void preStop(
            DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps, Duration limit) {
        LifecycleHandler handler = container.spec().getLifecycle() == null
                ? null
                : container.spec().getLifecycle().getPreStop();
        if (handler == null) {
            return;
        }
        ProbeOutcome outcome = run(handler, pod, container, run, podIps, limit);
        if (!outcome.success()) {
            events.warning(pod, container.name(), "FailedPreStopHook", "PreStopHook failed: " + outcome.message());
        }
    }

    private ProbeOutcome run(
            LifecycleHandler handler,
            DesiredPod pod,
            DesiredContainer container,
            ContainerStatus run,
            List<String> podIps,
            Duration limit) {
        if (handler.getSleep() != null) {
            return sleep(Duration.ofSeconds(handler.getSleep().getSeconds()), limit);
        }
        Probe asProbe = new ProbeBuilder()
                .withExec(handler.getExec())
                .withHttpGet(handler.getHttpGet())
                .withTcpSocket(handler.getTcpSocket())
                .build();
        ProbeSpec spec = ProbeSpec.of(asProbe, container.spec()).orElseThrow();
        return prober.check(spec.check(), target(pod, run, podIps), limit);
    }

    private static ProbeTarget target(DesiredPod pod, ContainerStatus run, List<String> podIps) {
        return new ProbeTarget(
                pod.uid(),
                run.id(),
                run.name(),
                podIps.isEmpty() ? "127.0.0.1" : podIps.getFirst(),
                run.startedAt().orElse(run.createdAt()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ProbeVerdict.UNKNOWN);
    }

    private static ProbeOutcome sleep(Duration wanted, Duration limit) {
        try {
            Thread.sleep(wanted.compareTo(limit) < 0 ? wanted : limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return new ProbeOutcome(true, "");
    }
}
