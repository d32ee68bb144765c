package dev.keelson.node.eviction;

import java.time.Duration;
import java.util.List;

/**
 * When a node ends pods for its own sake.
 *
 * @param transition how long a pressure is still reported after it has gone: schedulers should not swing
 * @param longestGrace what a pod gets at most to stop after a soft threshold
 */
public record EvictionSettings(List<Threshold> thresholds, Duration transition, Duration longestGrace) {

    /** The kubelet's own on Linux, and a reserve of processes, for which it has none. */
    public static final EvictionSettings DEFAULT = new EvictionSettings(
            List.of(
                    new Threshold(Signal.MEMORY, "100Mi", Duration.ZERO),
                    new Threshold(Signal.NODEFS, "10%", Duration.ZERO),
                    new Threshold(Signal.NODEFS_INODES, "5%", Duration.ZERO),
                    new Threshold(Signal.IMAGEFS, "15%", Duration.ZERO),
                    new Threshold(Signal.IMAGEFS_INODES, "5%", Duration.ZERO),
                    new Threshold(Signal.PIDS, "1000", Duration.ZERO)),
            Duration.ofMinutes(5),
            Duration.ZERO);

    public EvictionSettings {
        thresholds = List.copyOf(thresholds);
    }
}
