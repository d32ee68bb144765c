package dev.keelson.node.eviction;

import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.resource.QosClass;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which pressures a node reports and whether it has to do something about one. Equal inputs give equal plans.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/">Node-pressure Eviction</a>
 */
final class EvictionPlanner {
    private EvictionPlanner() {}

    /**
     * What has to be remembered from one look to the next.
     *
     * @param metSince since when each threshold has been met without a break
     * @param pressedAt when each pressure was last there
     */
    record History(Map<Threshold, Instant> metSince, Map<Pressure, Instant> pressedAt) {
        static final History NONE = new History(Map.of(), Map.of());

        History {
            metSince = Map.copyOf(metSince);
            pressedAt = Map.copyOf(pressedAt);
        }
    }

    /**
     * @param pressures to report
     * @param act the threshold to do something about; empty when there is none
     */
    record Plan(History history, Set<Pressure> pressures, Optional<Threshold> act) {}

    /**
     * Whether a pod may begin on a node under these pressures: a critical one always; short of memory alone, one that asks for
     * something or tolerates it; short of anything else, none (kubelet: eviction manager's admission).
     */
    static boolean admits(DesiredPod pod, Set<Pressure> pressures) {
        if (pressures.isEmpty() || Candidates.critical(pod)) {
            return true;
        }
        PodSpec spec = pod.object().getSpec();
        return pressures.equals(Set.of(Pressure.MEMORY))
                && (QosClass.of(spec) != QosClass.BEST_EFFORT
                        || spec.getTolerations().stream().anyMatch(EvictionPlanner::toleratesMemory));
    }

    private static boolean toleratesMemory(Toleration toleration) {
        boolean everything = toleration.getKey() == null && "Exists".equals(toleration.getOperator());
        boolean effect =
                toleration.getEffect() == null || toleration.getEffect().equals("NoSchedule");
        return effect && (everything || "node.kubernetes.io/memory-pressure".equals(toleration.getKey()));
    }

    static Plan plan(EvictionSettings settings, Map<Signal, Level> seen, History before, Instant now) {
        List<Threshold> met = settings.thresholds().stream()
                .filter(threshold -> seen.containsKey(threshold.signal()))
                .filter(threshold -> before.metSince().containsKey(threshold)
                        ? threshold.lasts(seen.get(threshold.signal()))
                        : threshold.met(seen.get(threshold.signal())))
                .sorted(java.util.Comparator.comparing(Threshold::signal).thenComparing(Threshold::grace))
                .toList();
        Map<Threshold, Instant> metSince = new LinkedHashMap<>();
        Map<Pressure, Instant> pressedAt = new HashMap<>(before.pressedAt());
        for (Threshold threshold : met) {
            metSince.put(threshold, before.metSince().getOrDefault(threshold, now));
            pressedAt.put(threshold.signal().pressure(), now);
        }
        pressedAt.values().removeIf(at -> !at.plus(settings.transition()).isAfter(now) && !at.equals(now));
        Optional<Threshold> act = met.stream()
                .filter(threshold ->
                        !metSince.get(threshold).plus(threshold.grace()).isAfter(now))
                .findFirst();
        Set<Pressure> pressures = EnumSet.noneOf(Pressure.class);
        pressures.addAll(pressedAt.keySet());
        return new Plan(new History(metSince, pressedAt), pressures, act);
    }
}
