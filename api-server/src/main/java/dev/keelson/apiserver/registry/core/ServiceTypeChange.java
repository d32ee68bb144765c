package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes out of a Service what its new type has no use for, when whoever changes the type left it as it was: a patch of
 * {@code type} alone must do (Kubernetes' {@code dropTypeDependentFields}).
 */
final class ServiceTypeChange {
    private static final Set<String> ON_NODES = Set.of("NodePort", "LoadBalancer");
    /** Fields by what a Service must be to have them. */
    private static final Map<String, Predicate<JsonNode>> FIELDS = Map.of(
            "clusterIP", ServiceTypeChange::isInCluster,
            "clusterIPs", ServiceTypeChange::isInCluster,
            "ipFamilies", ServiceTypeChange::isInCluster,
            "ipFamilyPolicy", ServiceTypeChange::isInCluster,
            "internalTrafficPolicy", ServiceTypeChange::isInCluster,
            "allocateLoadBalancerNodePorts", ServiceTypeChange::isBalanced,
            "loadBalancerClass", ServiceTypeChange::isBalanced,
            "externalTrafficPolicy", ServiceTypeRules::isReachedFromOutside,
            "healthCheckNodePort", ServiceTypeRules::hasHealthPort);

    private ServiceTypeChange() {}

    static void drop(ObjectNode updated, ObjectNode old) {
        ObjectNode spec = Tree.child(updated, "spec");
        JsonNode before = old.path("spec");
        // Judged together: what one field is needed for may depend on another.
        List<String> dropped = FIELDS.entrySet().stream()
                .filter(field ->
                        field.getValue().test(before) && !field.getValue().test(spec))
                .map(Map.Entry::getKey)
                .filter(field -> Tree.same(spec.path(field), before.path(field)))
                .toList();
        boolean ports = isOnNodes(before) && !isOnNodes(spec) && nodePorts(spec).equals(nodePorts(before));
        spec.remove(dropped);
        if (!isBalanced(spec)) {
            Tree.child(updated, "status").putObject("loadBalancer");
        }
        if (ports) {
            Tree.objects(spec, "ports").forEach(port -> port.remove("nodePort"));
        }
    }

    private static List<Long> nodePorts(JsonNode spec) {
        return Tree.objects(spec, "ports").stream()
                .map(port -> Tree.number(port, "nodePort").orElse(0L))
                .toList();
    }

    private static boolean isInCluster(JsonNode spec) {
        return !Tree.text(spec, "type").equals("ExternalName");
    }

    private static boolean isBalanced(JsonNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer");
    }

    private static boolean isOnNodes(JsonNode spec) {
        return ON_NODES.contains(Tree.text(spec, "type"));
    }
}
