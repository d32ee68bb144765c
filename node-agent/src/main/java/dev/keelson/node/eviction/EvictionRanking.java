package dev.keelson.node.eviction;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import dev.keelson.node.eviction.Candidate.ContainerUse;
import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.storage.BinarySize;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whom a node that runs short ends first, and what it says about that. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction">
 *     Pod selection for kubelet eviction</a>
 */
final class EvictionRanking {
    private EvictionRanking() {}

    /** Those that may be ended, first the first. */
    static List<Candidate> order(Signal signal, List<Candidate> pods) {
        return pods.stream()
                .filter(pod -> !pod.critical())
                .sorted(order(signal).thenComparing(pod -> pod.pod().key()))
                .toList();
    }

    private static Comparator<Candidate> order(Signal signal) {
        Comparator<Candidate> priority = comparing(Candidate::priority);
        return switch (signal) {
            case MEMORY ->
                comparing((Candidate pod) -> pod.memoryUse() <= pod.memoryRequest())
                        .thenComparing(priority)
                        .thenComparing(comparingLong((Candidate pod) -> pod.memoryUse() - pod.memoryRequest())
                                .reversed());
            case NODEFS, IMAGEFS ->
                comparing((Candidate pod) -> pod.storageUse().bytes() <= pod.storageRequest())
                        .thenComparing(priority)
                        .thenComparing(comparingLong(
                                        (Candidate pod) -> pod.storageUse().bytes() - pod.storageRequest())
                                .reversed());
            case NODEFS_INODES, IMAGEFS_INODES ->
                priority.thenComparing(
                        comparingLong((Candidate pod) -> pod.storageUse().inodes())
                                .reversed());
            case PIDS ->
                priority.thenComparing(comparingLong(Candidate::processes).reversed());
        };
    }

    /** Why the pod was ended, in the kubelet's words. */
    static String message(Threshold threshold, Level level, Candidate pod) {
        Signal signal = threshold.signal();
        boolean count = signal == Signal.PIDS || signal == Signal.NODEFS_INODES || signal == Signal.IMAGEFS_INODES;
        String most = count ? String.valueOf(threshold.amount(level)) : BinarySize.of(threshold.amount(level));
        String left = count ? String.valueOf(level.available()) : BinarySize.of(level.available());
        return "The node was low on resource: %s. Threshold quantity: %s, available: %s. "
                        .formatted(signal.resource(), most, left)
                + pod.containers().stream()
                        .map(container -> sentence(signal, container))
                        .collect(Collectors.joining());
    }

    private static String sentence(Signal signal, ContainerUse container) {
        return switch (signal) {
            case MEMORY -> sentence(signal, container, container.memoryUse(), container.memoryRequest());
            case NODEFS, IMAGEFS -> sentence(signal, container, container.storageUse(), container.storageRequest());
            case NODEFS_INODES, IMAGEFS_INODES, PIDS -> "";
        };
    }

    private static String sentence(Signal signal, ContainerUse container, long use, long request) {
        return use <= request
                ? ""
                : "Container %s was using %s, request is %s, has larger consumption of %s. "
                        .formatted(container.name(), BinarySize.of(use), BinarySize.of(request), signal.resource());
    }
}
