package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What the status of a Service may say about its load balancer (core's {@code ValidateLoadBalancerStatus}). */
final class ServiceStatusRules {
    private static final String LIST = "status.loadBalancer.ingress";

    private ServiceStatusRules() {}

    static void complete(ObjectNode service) {
        if (isBalanced(service)) {
            Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                    .filter(ingress -> Tree.has(ingress, "ip"))
                    .forEach(ingress -> Tree.setDefault(ingress, "ipMode", "VIP"));
        }
    }

    private static boolean isBalanced(ObjectNode service) {
        return Tree.text(service, "spec", "type").equals("LoadBalancer");
    }

    static void validate(ObjectNode updated, ObjectNode old, Problems problems) {
        List<Tree.Item> list = Tree.items(Tree.at(updated, "status", "loadBalancer", "ingress"), LIST)
                .toList();
        if (!isBalanced(updated) && !list.isEmpty()) {
            problems.forbidden(LIST, "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        for (Tree.Item item : list) {
            StatusRules.balancer(item, problems);
            boolean addressed = Tree.has(item.value(), "ip");
            if (!addressed && Tree.has(item.value(), "ipMode")) {
                problems.forbidden(item.path() + ".ipMode", "may not be specified when `ip` is not set");
            } else {
                problems.oneOf(item.path() + ".ipMode", item.value().path("ipMode"), List.of("Proxy", "VIP"));
            }
        }
    }
}
