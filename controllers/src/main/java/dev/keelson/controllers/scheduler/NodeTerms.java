package dev.keelson.controllers.scheduler;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;

/**
 * Node selector terms: any term may match, within a term everything must.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity">Node affinity</a>
 */
final class NodeTerms {
    private NodeTerms() {}

    static boolean anyMatches(List<NodeSelectorTerm> terms, NodeView node) {
        return terms.stream().anyMatch(term -> matches(term, node));
    }

    /** A term without any requirement matches nothing. */
    static boolean matches(NodeSelectorTerm term, NodeView node) {
        boolean empty =
                term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty();
        return !empty
                && term.getMatchExpressions().stream()
                        .allMatch(requirement -> holds(
                                requirement,
                                node.labels().containsKey(requirement.getKey()),
                                node.labels().getOrDefault(requirement.getKey(), "")))
                && term.getMatchFields().stream()
                        .allMatch(requirement ->
                                holds(requirement, requirement.getKey().equals("metadata.name"), node.name()));
    }

    private static boolean holds(NodeSelectorRequirement requirement, boolean present, String value) {
        List<String> values = requirement.getValues();
        return switch (requirement.getOperator()) {
            case "In" -> present && values.contains(value);
            case "NotIn" -> !present || !values.contains(value);
            case "Exists" -> present;
            case "DoesNotExist" -> !present;
            case "Gt" -> present && compare(value, values) > 0;
            case "Lt" -> present && compare(value, values) < 0;
            default -> false;
        };
    }

    /** 0, hence no match, when either side is not a whole number. */
    private static int compare(String value, List<String> values) {
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
