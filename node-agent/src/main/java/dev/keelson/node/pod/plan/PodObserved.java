package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is true of one pod on this node now; one immutable snapshot.
 *
 * @param containers every record of the engine, finished runs among them
 * @param remembered newest record of each container that the engine has already given up
 * @param reported what the API server was last told
 * @param networkUp whether the node can attach pods
 * @param podIps addresses, primary first; empty while not attached
 * @param lastPodIps the addresses that it had last, also when it has given them back
 * @param holdsNetwork the pod still holds an interface or address
 * @param volumesReady volumes are in place and up to date
 * @param holdsVolumes something of the pod's volumes is on the node
 * @param images references of the pod that are on this node
 * @param pulling containers whose image is being fetched
 * @param hooking containers whose postStart hook is under way
 * @param hooked ids of runs whose postStart hook has ended well
 * @param pulled containers whose image was fetched since their last start
 * @param stopping container id to when it is killed
 * @param applied container id to the resources that its run was given, and the pod's uid to what it was given as a whole, where
 *     that is known
 * @param room whether the node has room for what the pod's spec asks for
 * @param verdicts container id to what its probes say
 * @param failures newest failure of every stage that has not succeeded since
 * @param streakBase attempt at which a container's present series of crashes began
 * @param deletedFromApi the API server has accepted the pod's deletion without grace
 * @param drain whether the pod's traffic has gone elsewhere
 * @param refusal why this node does not take the pod at all; empty when it does
 * @param eviction why the node ends the pod; empty when it does not
 */
public record PodObserved(
        Optional<PodSandbox> sandbox,
        List<ContainerStatus> containers,
        Map<String, ContainerStatus> remembered,
        Map<String, ReportedContainer> reported,
        boolean networkUp,
        List<String> podIps,
        List<String> lastPodIps,
        boolean holdsNetwork,
        boolean volumesReady,
        boolean holdsVolumes,
        Set<String> images,
        Set<String> pulling,
        Set<String> hooking,
        Set<String> hooked,
        Set<String> pulled,
        Map<String, Instant> stopping,
        Map<String, ResourceRequirements> applied,
        ResizeRoom room,
        Map<String, ProbeVerdict> verdicts,
        Map<Failure.Key, Failure> failures,
        Map<String, Integer> streakBase,
        Drain drain,
        boolean deletedFromApi,
        Optional<PodAdmission.Refusal> refusal,
        Optional<Eviction> eviction) {

    /** How far a terminating pod has come with sending its traffic elsewhere. */
    public enum Drain {
        NOT_BEGUN,
        UNDER_WAY,
        DONE
    }

    public PodObserved {
        containers = containers.stream()
                .sorted(Comparator.comparing(ContainerStatus::name).thenComparing(ContainerStatus::attempt))
                .toList();
        remembered = Map.copyOf(remembered);
        reported = Map.copyOf(reported);
        podIps = List.copyOf(podIps);
        lastPodIps = List.copyOf(lastPodIps);
        images = Set.copyOf(images);
        pulling = Set.copyOf(pulling);
        hooking = Set.copyOf(hooking);
        hooked = Set.copyOf(hooked);
        pulled = Set.copyOf(pulled);
        stopping = Map.copyOf(stopping);
        applied = Map.copyOf(applied);
        verdicts = Map.copyOf(verdicts);
        failures = Map.copyOf(failures);
        streakBase = Map.copyOf(streakBase);
    }

    public boolean sandboxReady() {
        return sandbox.isPresent() && sandbox.get().state() == PodSandbox.State.READY;
    }

    /** Records of one container, oldest run first. */
    public List<ContainerStatus> runs(String container) {
        return containers.stream().filter(run -> run.name().equals(container)).toList();
    }

    public List<ContainerStatus> running() {
        return containers.stream()
                .filter(run -> run.state() == ContainerStatus.State.RUNNING)
                .toList();
    }

    /** Whether a run still owes its postStart hook: until that has ended it does not count as running. */
    public boolean starting(DesiredContainer container, ContainerStatus run) {
        return container.hasPostStart() && !hooked.contains(run.id());
    }

    public Optional<Failure> failure(Stage stage, String subject) {
        return Optional.ofNullable(failures.get(new Failure.Key(stage, subject)));
    }

    public Optional<ResourceRequirements> applied(String containerId) {
        return Optional.ofNullable(applied.get(containerId));
    }

    public ProbeVerdict verdict(String containerId) {
        return verdicts.getOrDefault(containerId, ProbeVerdict.UNKNOWN);
    }
}
