package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.ReportedContainer;
import dev.keelson.node.pod.plan.ReportedContainers;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at one pod on this node: the runtime's listing and the worker's memory become one snapshot. */
final class PodObserver {
    private final PodHost host;
    private final PodMemory memory;
    private final Map<String, String> messages = new HashMap<>();

    PodObserver(PodHost host, PodMemory memory) {
        this.host = host;
        this.memory = memory;
    }

    PodObserved observe(DesiredPod pod) {
        Optional<PodSandbox> sandbox = host.runtime().listPodSandboxes().stream()
                .filter(found -> found.uid().equals(pod.uid()))
                .findFirst();
        List<ContainerStatus> containers = host.runtime().listContainers().stream()
                .filter(found -> found.podUid().equals(pod.uid()))
                .map(found -> withMessage(pod, found))
                .toList();
        List<String> podIps = pod.hostNetwork() ? List.of(host.network().nodeIp()) : memory.podIps();
        Map<String, ResourceRequirements> applied = applied(pod, containers);
        List<DesiredImage> chosen = chosen(pod);
        return new PodObserved(
                sandbox,
                containers,
                memory.remembered(),
                ReportedContainers.of(pod.object()),
                host.network().sandboxes().isPresent(),
                podIps,
                pod.hostNetwork() ? podIps : memory.lastPodIps(),
                !pod.hostNetwork() && holdsNetwork(pod),
                memory.volumes().equals(Optional.of(host.volumes().version(pod))),
                memory.volumes().isPresent() || ending(pod) && host.volumes().holds(pod.uid()),
                images(pod, chosen),
                memory.pulling(),
                memory.hooking(),
                hooked(pod),
                pulled(chosen),
                memory.stopping(),
                applied,
                room(pod, sandbox.isPresent(), containers, applied),
                verdicts(containers),
                memory.failures(),
                memory.streakBase(),
                memory.drain(),
                memory.isDeletedFromApi(),
                host.admission().refusal(pod),
                memory.eviction());
    }

    /** A run that was reported as running had ended its hook: so much is known of those that an earlier agent started. */
    private Set<String> hooked(DesiredPod pod) {
        Set<String> hooked = new HashSet<>(memory.hooked());
        ReportedContainers.of(pod.object()).values().stream()
                .filter(ReportedContainer::running)
                .map(ReportedContainer::containerId)
                .forEach(hooked::add);
        return hooked;
    }

    /** A container may say why it ended, in a file; what the engine has to say comes first. */
    private ContainerStatus withMessage(DesiredPod pod, ContainerStatus run) {
        boolean silent = run.exit().map(exit -> exit.message().isEmpty()).orElse(false);
        if (!silent) {
            return run;
        }
        String message = messages.computeIfAbsent(run.id(), _ -> pod.container(run.name())
                .map(container -> host.volumes().terminationMessage(container, run))
                .orElse(""));
        return message.isEmpty() ? run : TerminationMessages.with(run, message);
    }

    /** Asked of the network only for a pod that ends: one that starts attaches again, which is repeatable. */
    private boolean holdsNetwork(DesiredPod pod) {
        return !memory.podIps().isEmpty()
                || ending(pod)
                        && host.network()
                                .sandboxes()
                                .map(network -> network.attached().contains(pod.uid()))
                                .orElse(false);
    }

    private static boolean ending(DesiredPod pod) {
        return pod.finished() || !(pod.lifecycle() instanceof Lifecycle.Wanted);
    }

    /** Images of volumes that are made of them already: these are fetched and stay here. */
    private List<DesiredImage> chosen(DesiredPod pod) {
        List<DesiredImage> images = pod.volumeImages().toList();
        if (images.isEmpty()) {
            return List.of();
        }
        Set<String> volumes = host.volumes().imagesChosen(pod.uid());
        return images.stream().filter(image -> volumes.contains(image.name())).toList();
    }

    private Set<String> images(DesiredPod pod, List<DesiredImage> chosen) {
        Set<String> present = new HashSet<>();
        pod.images()
                .map(DesiredImage::reference)
                .filter(image -> host.images().present(image).isPresent())
                .forEach(present::add);
        chosen.forEach(image -> present.add(image.reference()));
        return present;
    }

    private Set<String> pulled(List<DesiredImage> chosen) {
        Set<String> pulled = new HashSet<>(memory.pulled());
        chosen.forEach(image -> pulled.add(image.subject()));
        return pulled;
    }

    /** What this agent gave a run, else what the agent before it reported of it. */
    private Map<String, ResourceRequirements> applied(DesiredPod pod, List<ContainerStatus> containers) {
        Map<String, ResourceRequirements> applied = new HashMap<>();
        Map<String, ReportedContainer> reported = ReportedContainers.of(pod.object());
        Map<String, ResourceRequirements> given = memory.applied();
        for (ContainerStatus run : containers) {
            Optional.ofNullable(given.get(run.id()))
                    .or(() -> Optional.ofNullable(reported.get(run.name()))
                            .filter(status -> status.containerId().equals(run.id()))
                            .flatMap(ReportedContainer::resources))
                    .ifPresent(resources -> applied.put(run.id(), resources));
        }
        Optional.ofNullable(given.get(pod.uid())).ifPresent(resources -> applied.put(pod.uid(), resources));
        return applied;
    }

    /** Asked only when it matters: the answer looks at every pod of the node. */
    private ResizeRoom room(
            DesiredPod pod,
            boolean sandbox,
            List<ContainerStatus> containers,
            Map<String, ResourceRequirements> applied) {
        boolean whole =
                sandbox && !(Resize.ofPod(pod, Optional.ofNullable(applied.get(pod.uid()))) instanceof Resize.None);
        boolean changes = whole
                || containers.stream()
                        .filter(run -> run.state() == ContainerStatus.State.RUNNING)
                        .anyMatch(run -> pod.container(run.name())
                                .map(container -> Resize.of(container, Optional.ofNullable(applied.get(run.id()))))
                                .filter(resize -> !(resize instanceof Resize.None))
                                .isPresent());
        return changes ? host.room().of(pod) : new ResizeRoom.Fits();
    }

    private Map<String, ProbeVerdict> verdicts(List<ContainerStatus> containers) {
        Map<String, ProbeVerdict> verdicts = new HashMap<>();
        for (ContainerStatus run : containers) {
            if (run.state() == ContainerStatus.State.RUNNING) {
                verdicts.put(run.id(), host.probes().verdict(run.id()));
            }
        }
        return verdicts;
    }
}
