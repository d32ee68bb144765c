package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.List;

/** Which fields go with which type of Service (core/validation's {@code ValidateService}). */
final class ServiceTypeRules {
    private static final String ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";
    private static final int KUBELET = 10250;

    private ServiceTypeRules() {}

    /** Whether it can be reached from outside the cluster. */
    static boolean isReachedFromOutside(JsonNode spec) {
        return switch (Tree.text(spec, "type")) {
            case "NodePort", "LoadBalancer" -> true;
            case "ClusterIP" -> !spec.path("externalIPs").isEmpty();
            default -> false;
        };
    }

    /** Whether load balancers ask its nodes, at a port of their own, which of them have its pods. */
    static boolean hasHealthPort(JsonNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer")
                && Tree.text(spec, "externalTrafficPolicy").equals("Local");
    }

    static void validate(JsonNode spec, Problems problems) {
        boolean balanced = Tree.text(spec, "type").equals("LoadBalancer");
        if (!balanced) {
            for (String field : List.of("allocateLoadBalancerNodePorts", "loadBalancerClass")) {
                if (Tree.has(spec, field)) {
                    problems.forbidden("spec." + field, ONLY_BALANCED);
                }
            }
        } else {
            Tree.items(spec.path("ports"), "spec.ports")
                    .filter(item -> item.value().path("port").asInt() == KUBELET)
                    .forEach(item -> problems.invalid(
                            item.path(),
                            item.value().path("port"),
                            "may not expose port " + KUBELET + " externally since it is used by kubelet"));
        }
        if (balanced && Tree.has(spec, "loadBalancerClass")) {
            LabelNames.keyProblems(Tree.text(spec, "loadBalancerClass"))
                    .forEach(
                            words -> problems.invalid("spec.loadBalancerClass", spec.path("loadBalancerClass"), words));
        }
        if (Tree.has(spec, "externalTrafficPolicy") && !isReachedFromOutside(spec)) {
            problems.invalid(
                    "spec.externalTrafficPolicy",
                    spec.path("externalTrafficPolicy"),
                    "may only be set for externally-accessible services");
        }
        if (Tree.number(spec, "healthCheckNodePort").orElse(0L) != 0 && !hasHealthPort(spec)) {
            problems.invalid(
                    "spec.healthCheckNodePort",
                    spec.path("healthCheckNodePort"),
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        if (Tree.text(spec, "type").equals("ExternalName")) {
            named(spec, problems);
        }
    }

    private static void named(JsonNode spec, Problems problems) {
        for (String field : List.of("clusterIPs", "ipFamilies")) {
            if (!spec.path(field).isEmpty()) {
                problems.forbidden("spec." + field, "may not be set for ExternalName services");
            }
        }
        if (Tree.has(spec, "ipFamilyPolicy")) {
            problems.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
        }
    }
}
