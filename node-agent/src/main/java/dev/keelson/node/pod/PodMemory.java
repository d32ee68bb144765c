package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.plan.Failure;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this process knows of a pod beyond what can be looked up: failures, and work that is under way. Losing it (the
 * agent was killed) costs a repeated step or a shorter back-off, never correctness. Thread-safe.
 */
final class PodMemory {
    private final Map<Failure.Key, Failure> failures = new HashMap<>();
    private final Map<String, ContainerStatus> remembered = new HashMap<>();
    private final Map<String, Instant> stopping = new HashMap<>();
    private final Map<String, Integer> streakBase = new HashMap<>();
    private final Set<String> pulling = new HashSet<>();
    private final Set<String> pulled = new HashSet<>();
    private final Map<String, ResourceRequirements> applied = new HashMap<>();
    private final Set<String> hooking = new HashSet<>();
    private final Map<String, String> hooked = new HashMap<>();
    private List<String> podIps = List.of();
    private List<String> lastPodIps = List.of();
    private Optional<String> volumes = Optional.empty();
    private PodObserved.Drain drain = PodObserved.Drain.NOT_BEGUN;
    private boolean deletedFromApi;
    private Optional<Eviction> eviction = Optional.empty();

    /**
     * Files a failure; answers it with its place in the row of failures. One that comes before the last one's time to wait is
     * over belongs to the same try: two containers of one image were pulling it together.
     */
    synchronized Failure failed(Stage stage, String subject, NodeException failure, Instant now) {
        Failure.Key key = new Failure.Key(stage, subject);
        int count = Optional.ofNullable(failures.get(key))
                .map(last -> now.isBefore(last.retryAt()) ? last.count() : last.count() + 1)
                .orElse(1);
        Failure filed = new Failure(stage, subject, failure.reason(), failure.getMessage(), now, count);
        failures.put(key, filed);
        return filed;
    }

    synchronized void succeeded(Stage stage, String subject) {
        failures.remove(new Failure.Key(stage, subject));
    }

    synchronized boolean beginPull(String container) {
        return pulling.add(container);
    }

    synchronized void endPull(String container, String image, boolean fetched) {
        pulling.remove(container);
        if (fetched) {
            pulled.add(container);
            succeeded(Stage.IMAGE, image);
        }
    }

    /** A run's postStart hook is to begin; false when one of the container is under way. */
    synchronized boolean beginHook(String container) {
        return hooking.add(container);
    }

    /** The newest run's hook has ended well. */
    synchronized void hooked(String container, String containerId) {
        hooked.put(container, containerId);
    }

    synchronized Set<String> hooked() {
        return Set.copyOf(hooked.values());
    }

    synchronized void endHook(String container) {
        hooking.remove(container);
    }

    synchronized Set<String> hooking() {
        return Set.copyOf(hooking);
    }

    /** A run was given these resources, at its start or since. */
    synchronized void applied(String containerId, ResourceRequirements resources) {
        applied.put(containerId, resources);
    }

    synchronized Map<String, ResourceRequirements> applied() {
        return Map.copyOf(applied);
    }

    synchronized void beginStop(String containerId, Instant killAt) {
        stopping.put(containerId, killAt);
    }

    synchronized void endStop(String containerId) {
        stopping.remove(containerId);
    }

    /** A run has begun: its predecessor's crash series goes on, or a new one begins. */
    synchronized void started(String container, int attempt, boolean forgiven) {
        pulled.remove(container);
        succeeded(Stage.CONFIG, container);
        if (forgiven) {
            streakBase.put(container, attempt - 1);
        }
    }

    synchronized void attached(List<String> addresses) {
        podIps = List.copyOf(addresses);
        if (!podIps.isEmpty()) {
            lastPodIps = podIps;
        }
        succeeded(Stage.NETWORK, "");
    }

    /** @param version what {@link PodVolumes#version} said after mounting; empty when nothing is mounted any more */
    synchronized void mounted(Optional<String> version) {
        volumes = version;
    }

    /** The sandbox and all its records are given up: keep the newest run of each container for counts and states. */
    synchronized void sandboxRemoved(List<ContainerStatus> records) {
        for (ContainerStatus run : records) {
            remembered.merge(run.name(), run, (old, next) -> next.attempt() >= old.attempt() ? next : old);
        }
        podIps = List.of();
        volumes = Optional.empty();
        stopping.clear();
    }

    synchronized void drain(PodObserved.Drain state) {
        drain = state;
    }

    synchronized PodObserved.Drain drain() {
        return drain;
    }

    /** The first reason stays. */
    synchronized void evict(Eviction reason) {
        eviction = eviction.or(() -> Optional.of(reason));
    }

    synchronized Optional<Eviction> eviction() {
        return eviction;
    }

    synchronized void deletedFromApi() {
        deletedFromApi = true;
    }

    synchronized boolean isDeletedFromApi() {
        return deletedFromApi;
    }

    synchronized List<String> podIps() {
        return podIps;
    }

    synchronized List<String> lastPodIps() {
        return lastPodIps;
    }

    synchronized Optional<String> volumes() {
        return volumes;
    }

    synchronized Map<Failure.Key, Failure> failures() {
        return Map.copyOf(failures);
    }

    synchronized Map<String, ContainerStatus> remembered() {
        return Map.copyOf(remembered);
    }

    synchronized Map<String, Instant> stopping() {
        return Map.copyOf(stopping);
    }

    synchronized Map<String, Integer> streakBase() {
        return Map.copyOf(streakBase);
    }

    synchronized Set<String> pulling() {
        return Set.copyOf(pulling);
    }

    synchronized Set<String> pulled() {
        return Set.copyOf(pulled);
    }
}
