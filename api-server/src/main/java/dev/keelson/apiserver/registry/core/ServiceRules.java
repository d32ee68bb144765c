package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.SpecialAddresses;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid Service is, and that its address stays. */
final class ServiceRules {
    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final int LONGEST_STICKY_SECONDS = 86400;
    private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
    private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

    private ServiceRules() {}

    static void validate(ObjectNode service, Problems problems) {
        JsonNode spec = service.path("spec");
        String type = Tree.text(spec, "type");
        problems.oneOf("spec.type", spec.path("type"), TYPES);
        boolean headless = Tree.text(spec, "clusterIP").equals("None");
        if (type.equals("ExternalName")) {
            externalName(spec, problems);
        } else if (spec.path("ports").isEmpty() && !headless) {
            problems.required("spec.ports", "");
        }
        if (headless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
            problems.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
        }
        if (!type.equals("LoadBalancer")
                && !Tree.at(service, "status", "loadBalancer", "ingress").isEmpty()) {
            problems.forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
        }
        ports(spec, type, problems);
        LabelRules.labels(spec.path("selector"), "spec.selector", problems);
        addresses(spec, problems);
        affinity(spec, problems);
        problems.oneOf("spec.externalTrafficPolicy", spec.path("externalTrafficPolicy"), POLICIES);
        problems.oneOf("spec.internalTrafficPolicy", spec.path("internalTrafficPolicy"), POLICIES);
        problems.oneOf("spec.trafficDistribution", spec.path("trafficDistribution"), List.of("PreferClose"));
        ServiceTypeRules.validate(spec, problems);
        if (!type.equals("ExternalName")) {
            ServiceFamilyRules.validate(spec, problems);
        }
        topology(Tree.at(service, "metadata", "annotations"), problems);
        sourceRanges(service, problems);
    }

    /** Two annotations that are about the same say the same. */
    private static void topology(JsonNode annotations, Problems problems) {
        JsonNode mode = annotations.path(TOPOLOGY_MODE);
        JsonNode hints = annotations.path(TOPOLOGY_HINTS);
        if (mode.isTextual() && hints.isTextual() && !mode.equals(hints)) {
            problems.invalid(
                    "metadata.annotations[%s]".formatted(TOPOLOGY_MODE),
                    mode,
                    "must match annotations[%s] when both are specified".formatted(TOPOLOGY_HINTS));
        }
    }

    /** From where a load balancer may be reached: in the field, which Kubernetes' messages spell so, or else annotated. */
    private static void sourceRanges(ObjectNode service, Problems problems) {
        JsonNode ranges = Tree.at(service, "spec", "loadBalancerSourceRanges");
        JsonNode annotated = Tree.at(service, "metadata", "annotations", SOURCE_RANGES);
        String path = ranges.isEmpty()
                ? "metadata.annotations[%s]".formatted(SOURCE_RANGES)
                : "spec.LoadBalancerSourceRanges";
        if (ranges.isEmpty() && !annotated.isTextual()) {
            return;
        }
        if (!Tree.text(service, "spec", "type").equals("LoadBalancer")) {
            problems.forbidden(path, "may only be used when `type` is 'LoadBalancer'");
        }
        Tree.items(ranges, path).forEach(item -> range(item.value().asText(), item.path(), problems));
        if (ranges.isEmpty() && !annotated.textValue().isBlank()) {
            for (String range : annotated.textValue().split(",", -1)) {
                range(range, path, problems);
            }
        }
    }

    private static void range(String range, String path, Problems problems) {
        if (!Addresses.isCidr(range.strip())) {
            problems.invalid(path, range.strip(), Addresses.CIDR_WORDS);
        }
    }

    private static void externalName(JsonNode spec, Problems problems) {
        String name = Tree.text(spec, "externalName");
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.isEmpty()) {
            problems.required("spec.externalName", "");
            return;
        }
        NameRule.DNS_SUBDOMAIN.problems(bare).forEach(words -> problems.invalid("spec.externalName", bare, words));
    }

    private static void ports(JsonNode spec, String type, Problems problems) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        Set<String> onNodes = new HashSet<>();
        boolean many = spec.path("ports").size() > 1;
        Tree.items(spec.path("ports"), "spec.ports").forEach(item -> {
            port(item, many, problems);
            JsonNode port = item.value();
            String name = Tree.text(port, "name");
            if (!name.isEmpty() && !names.add(name)) {
                problems.duplicate(item.path() + ".name", port.path("name"));
            }
            if (!numbers.add(port.path("port").asText() + "/" + Tree.text(port, "protocol"))) {
                problems.duplicateShown(item.path(), GoSyntax.servicePort(port), "");
            }
            String onNode = port.path("nodePort").asText("0");
            if (!onNode.equals("0") && !onNodes.add(onNode + "/" + Tree.text(port, "protocol"))) {
                problems.duplicate(item.path() + ".nodePort", port.path("nodePort"));
            }
            if (type.equals("ClusterIP") && Tree.number(port, "nodePort").orElse(0L) != 0) {
                problems.forbidden(item.path() + ".nodePort", "may not be used when `type` is 'ClusterIP'");
            }
        });
    }

    private static void port(Tree.Item item, boolean named, Problems problems) {
        JsonNode port = item.value();
        PortRules.nameAndNumber(problems, item, named);
        if (Tree.has(port, "protocol")) {
            problems.oneOf(item.path() + ".protocol", port.path("protocol"), PROTOCOLS);
        } else {
            problems.required(item.path() + ".protocol", "");
        }
        PortRules.portOrName(problems, item.path() + ".targetPort", port.path("targetPort"));
        if (Tree.has(port, "appProtocol")) {
            LabelNames.keyProblems(Tree.text(port, "appProtocol"))
                    .forEach(words -> problems.invalid(item.path() + ".appProtocol", port.path("appProtocol"), words));
        }
        if (Tree.number(port, "nodePort").orElse(0L) != 0) {
            problems.port(item.path() + ".nodePort", port.path("nodePort"));
        }
    }

    private static void addresses(JsonNode spec, Problems problems) {
        Tree.items(spec.path("externalIPs"), "spec.externalIPs").forEach(item -> {
            SpecialAddresses.problem(item.value().asText())
                    .ifPresent(words -> problems.invalid(item.path(), item.value(), words));
        });
    }

    private static void affinity(JsonNode spec, Problems problems) {
        problems.oneOf("spec.sessionAffinity", spec.path("sessionAffinity"), List.of("ClientIP", "None"));
        if (Tree.text(spec, "sessionAffinity").equals("None")
                && spec.path("sessionAffinityConfig").isObject()) {
            problems.forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None");
        }
        JsonNode seconds = Tree.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
        if (seconds.isNumber() && (seconds.asLong() <= 0 || seconds.asLong() > LONGEST_STICKY_SECONDS)) {
            problems.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    seconds,
                    "must be greater than 0 and less than " + LONGEST_STICKY_SECONDS);
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        ServiceFamilyRules.validateChange(updated.path("spec"), old.path("spec"), problems);
        boolean staysBalanced = Tree.text(updated, "spec", "type").equals("LoadBalancer")
                && Tree.text(old, "spec", "type").equals("LoadBalancer");
        JsonNode balancer = Tree.at(updated, "spec", "loadBalancerClass");
        if (staysBalanced && !Tree.same(balancer, Tree.at(old, "spec", "loadBalancerClass"))) {
            problems.invalid("spec.loadBalancerClass", balancer, "may not change once set");
        }
        boolean staysAsked = ServiceTypeRules.hasHealthPort(updated.path("spec"))
                && ServiceTypeRules.hasHealthPort(old.path("spec"));
        if (staysAsked
                && !Tree.same(
                        Tree.at(updated, "spec", "healthCheckNodePort"), Tree.at(old, "spec", "healthCheckNodePort"))) {
            problems.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
    }
}
