package dev.keelson.apiserver.metrics;

import dev.keelson.apiserver.registry.ApiFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Measures nodes when somebody asks, and only then: an idle cluster asks nothing of its agents. An answer is good for a few
 * seconds. Use is measured since the question before, or, when that is long ago, over a second. Waits, so only for virtual
 * threads.
 */
final class NodeMeasurements {
    private static final Logger LOG = System.getLogger(NodeMeasurements.class.getName());
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

    private final UnaryOperator<String> texts;
    private final Clock clock;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    /** What is known of one node; its monitor lets one question at a time through. */
    private static final class Slot {
        private Optional<NodeUsage> latest = Optional.empty();
        private Optional<MeasuredNode> measured = Optional.empty();
        private Instant asked = Instant.MIN;
    }

    /** @param texts what {@code /metrics/resource} of a node says; an {@link ApiFailure} when it does not answer */
    NodeMeasurements(UnaryOperator<String> texts, Clock clock) {
        this.texts = texts;
        this.clock = clock;
    }

    /** Empty when the node does not answer. */
    Optional<MeasuredNode> of(String node) {
        Slot slot = slots.computeIfAbsent(node, _ -> new Slot());
        synchronized (slot) {
            if (slot.asked.equals(Instant.MIN) || slot.asked.plus(FRESH).isBefore(clock.instant())) {
                measure(node, slot);
            }
            return slot.measured;
        }
    }

    private void measure(String node, Slot slot) {
        try {
            Instant now = clock.instant();
            NodeUsage before = slot.latest
                    .filter(old -> old.time().plus(LONGEST_WINDOW).isAfter(now))
                    .orElseGet(() -> first(node));
            NodeUsage after = ask(node);
            slot.measured = Optional.of(MeasuredNode.between(before, after));
            slot.latest = Optional.of(after);
        } catch (ApiFailure away) {
            LOG.log(Level.DEBUG, "node not measured node={0} message=\"{1}\"", node, away.getMessage());
            slot.measured = Optional.empty();
        }
        slot.asked = clock.instant();
    }

    private NodeUsage first(String node) {
        NodeUsage usage = ask(node);
        LockSupport.parkNanos(SHORTEST_WINDOW.toNanos());
        return usage;
    }

    private NodeUsage ask(String node) {
        return NodeUsage.parse(texts.apply(node), clock.instant());
    }
}
