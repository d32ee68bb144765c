package dev.keelson.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a node's silence means for its conditions and taints. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/nodes/#node-controller">Node controller</a>
 */
final class NodeHealth {
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final Set<String> CONDITIONS = Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    /** What is known of a node. */
    enum State {
        /** It has registered and not reported yet: pods stay away by its missing condition, so no taint is needed. */
        NEW,
        READY,
        /** It reports itself that it cannot run pods. */
        NOT_READY,
        /** It has stopped reporting. */
        UNREACHABLE
    }

    private NodeHealth() {}

    static State state(Node node, boolean silent) {
        if (silent) {
            return State.UNREACHABLE;
        }
        Optional<String> ready = conditions(node).stream()
                .filter(one -> "Ready".equals(one.getType()))
                .map(NodeCondition::getStatus)
                .findFirst();
        // "Unknown" although it is not silent: it reports again, but its status has not arrived yet.
        return ready.map(status -> status.equals("True") ? State.READY : State.NOT_READY)
                .orElse(State.NEW);
    }

    /** The node with the conditions of an unreachable one; {@code now} is a timestamp of the API. */
    static Node markUnknown(Node node, String now) {
        List<NodeCondition> conditions = conditions(node).stream()
                .map(one -> CONDITIONS.contains(one.getType()) && !"Unknown".equals(one.getStatus())
                        ? new NodeConditionBuilder(one)
                                .withStatus("Unknown")
                                .withReason("NodeStatusUnknown")
                                .withMessage("Kubelet stopped posting node status.")
                                .withLastTransitionTime(now)
                                .build()
                        : one)
                .toList();
        return new NodeBuilder(node)
                .editOrNewStatus()
                .withConditions(conditions)
                .endStatus()
                .build();
    }

    /** The taints that go with a state, beside those that are not this controller's. */
    static List<Taint> taints(Node node, State state, String now) {
        List<Taint> present = node.getSpec() == null || node.getSpec().getTaints() == null
                ? List.of()
                : node.getSpec().getTaints();
        Stream<Taint> others = present.stream()
                .filter(taint ->
                        !taint.getKey().equals(UNREACHABLE) && !taint.getKey().equals(NOT_READY));
        Stream<Taint> ours =
                switch (state) {
                    case NEW, READY -> Stream.empty();
                    case NOT_READY -> pair(NOT_READY, present, now);
                    case UNREACHABLE -> pair(UNREACHABLE, present, now);
                };
        return Stream.concat(others, ours).toList();
    }

    private static Stream<Taint> pair(String key, List<Taint> present, String now) {
        return Stream.of("NoSchedule", "NoExecute").map(effect -> present.stream()
                .filter(taint -> taint.getKey().equals(key) && effect.equals(taint.getEffect()))
                .findFirst()
                // The time starts the tolerationSeconds of the pods on the node, so a known one is kept.
                .orElse(new Taint(effect, key, effect.equals("NoExecute") ? now : null, null)));
    }

    static List<NodeCondition> conditions(Node node) {
        return node.getStatus() == null
                ? List.of()
                : Objects.requireNonNullElse(node.getStatus().getConditions(), List.of());
    }
}
