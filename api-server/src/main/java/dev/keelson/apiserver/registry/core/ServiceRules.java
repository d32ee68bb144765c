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
        families(spec, problems);
    }

    private static void externalName(JsonNode spec, Problems problems) {
        String name = Tree.text(spec, "externalName");
        if (name.isEmpty()) {
            problems.required("spec.externalName", "");
            return;
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        NameRule.DNS_SUBDOMAIN.problem(bare).ifPresent(words -> problems.invalid("spec.externalName", name, words));
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
                problems.duplicateShown(item.path(), GoSyntax.servicePort(port));
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
            LabelNames.keyProblem(Tree.text(port, "appProtocol"))
                    .ifPresent(
                            words -> problems.invalid(item.path() + ".appProtocol", port.path("appProtocol"), words));
        }
        if (Tree.number(port, "nodePort").orElse(0L) != 0) {
            problems.port(item.path() + ".nodePort", port.path("nodePort"));
        }
    }

    private static void addresses(JsonNode spec, Problems problems) {
        Tree.items(spec.path("clusterIPs"), "spec.clusterIPs").forEach(item -> {
            String address = item.value().asText();
            if (!address.equals("None") && !Addresses.isIp(address)) {
                problems.invalid(item.path(), item.value(), Addresses.IP_WORDS);
            }
        });
        String first = Tree.texts(spec, "clusterIPs").stream().findFirst().orElse("");
        if (!Tree.text(spec, "clusterIP").equals(first)) {
            problems.invalidShown(
                    "spec.clusterIPs", GoSyntax.list(spec.path("clusterIPs")), "first value must match `clusterIP`");
        }
        Tree.items(spec.path("externalIPs"), "spec.externalIPs").forEach(item -> {
            SpecialAddresses.problem(item.value().asText())
                    .ifPresent(words -> problems.invalid(item.path(), item.value(), words));
        });
        Tree.items(spec.path("loadBalancerSourceRanges"), "spec.loadBalancerSourceRanges")
                .forEach(item -> {
                    if (!Addresses.isCidr(item.value().asText().strip())) {
                        problems.invalid(item.path(), item.value(), Addresses.CIDR_WORDS);
                    }
                });
    }

    private static void families(JsonNode spec, Problems problems) {
        JsonNode families = spec.path("ipFamilies");
        if (families.size() > 2) {
            problems.invalidShown(
                    "spec.ipFamilies", GoSyntax.list(families, "core.IPFamily"), "may only hold up to 2 values");
        }
        Set<String> seen = new HashSet<>();
        Tree.items(families, "spec.ipFamilies").forEach(item -> {
            problems.oneOf(item.path(), item.value(), List.of("IPv4", "IPv6"));
            if (!seen.add(item.value().asText())) {
                problems.duplicate(item.path(), item.value());
            }
        });
        problems.oneOf(
                "spec.ipFamilyPolicy",
                spec.path("ipFamilyPolicy"),
                List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
        JsonNode addresses = spec.path("clusterIPs");
        if (addresses.size() > 2) {
            problems.invalidShown("spec.clusterIPs", GoSyntax.list(addresses), "may only hold up to 2 values");
        }
        if (addresses.size() > 1 && Tree.texts(spec, "clusterIPs").contains("None")) {
            problems.invalidShown(
                    "spec.clusterIPs", GoSyntax.list(addresses), "'None' must be the first and only value");
        }
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
        boolean leavesCluster = Tree.text(updated, "spec", "type").equals("ExternalName");
        JsonNode before = Tree.at(old, "spec", "clusterIP");
        if (Tree.has(before) && !leavesCluster && !before.equals(Tree.at(updated, "spec", "clusterIP"))) {
            problems.invalid("spec.clusterIPs[0]", Tree.at(updated, "spec", "clusterIP"), "may not change once set");
        }
        boolean staysBalanced = Tree.text(updated, "spec", "type").equals("LoadBalancer")
                && Tree.text(old, "spec", "type").equals("LoadBalancer");
        if (staysBalanced) {
            problems.immutable(
                    "spec.loadBalancerClass",
                    Tree.at(updated, "spec", "loadBalancerClass"),
                    Tree.at(old, "spec", "loadBalancerClass"));
        }
    }
}
