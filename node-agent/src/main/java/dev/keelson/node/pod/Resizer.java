package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.PodAction;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.Optional;

/**
 * Changes limits under running processes. The pod's own limits hold for its containers too: growing needs the pod's group
 * first, shrinking the containers'. Each answers true: what the kernel refuses does not hold up other steps.
 */
final class Resizer {
    private final PodHost host;
    private final PodMemory memory;

    Resizer(PodHost host, PodMemory memory) {
        this.host = host;
        this.memory = memory;
    }

    boolean resize(DesiredPod pod, PodAction.ResizeContainer resize) {
        DesiredContainer container = resize.container();
        Resources wanted = host.configs().limits(pod, container);
        return carryOut(pod, container.name(), () -> {
            try {
                host.runtime().updateContainerResources(resize.containerId(), wanted);
            } catch (NodeException tooBigForItsPod) {
                resizeGroup(pod);
                host.runtime().updateContainerResources(resize.containerId(), wanted);
            }
            resizeGroup(pod);
            memory.applied(resize.containerId(), Resize.wanted(container));
            host.events().normal(pod, container.name(), "ResizeCompleted", "Resized container " + container.name());
        });
    }

    boolean resize(DesiredPod pod, PodObserved seen) {
        return carryOut(pod, "", () -> {
            try {
                resizeGroup(pod);
            } catch (NodeException tooSmallForItsContainers) {
                resizeSharers(pod, seen);
                resizeGroup(pod);
            }
            resizeSharers(pod, seen);
            Resize.wantedOfPod(pod).ifPresent(given -> memory.applied(pod.uid(), given));
            if (seen.applied(pod.uid()).isPresent()) {
                host.events().normal(pod, "", "ResizeCompleted", "Resized pod " + pod.name());
            }
        });
    }

    private void resizeGroup(DesiredPod pod) {
        host.runtime()
                .updatePodSandboxResources(
                        pod.uid(), host.configs().sandbox(pod).cgroup());
    }

    /** Containers without a limit of their own have the pod's. */
    private void resizeSharers(DesiredPod pod, PodObserved seen) {
        seen.running().forEach(run -> pod.container(run.name())
                .filter(Resizer::shares)
                .ifPresent(container -> host.runtime()
                        .updateContainerResources(run.id(), host.configs().limits(pod, container))));
    }

    private static boolean shares(DesiredContainer container) {
        Map<String, Quantity> limits = Optional.of(Resize.wanted(container))
                .map(ResourceRequirements::getLimits)
                .orElse(Map.of());
        return !limits.keySet().containsAll(Resize.RESIZABLE);
    }

    /** @param subject the container's name; empty for the pod as a whole */
    private boolean carryOut(DesiredPod pod, String subject, Runnable change) {
        try {
            change.run();
            memory.succeeded(Stage.RESIZE, subject);
        } catch (NodeException failure) {
            memory.failed(Stage.RESIZE, subject, failure, host.clock().instant());
            host.events().warning(pod, subject, "ResizeError", failure.getMessage());
        }
        return true;
    }
}
