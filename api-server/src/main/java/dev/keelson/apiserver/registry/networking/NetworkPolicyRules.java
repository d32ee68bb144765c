package dev.keelson.apiserver.registry.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid NetworkPolicy is (Kubernetes' {@code networking/validation}). */
final class NetworkPolicyRules {
    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
    private static final List<String> TYPES = List.of("Ingress", "Egress");

    private NetworkPolicyRules() {}

    static void validate(ObjectNode policy, Problems problems) {
        JsonNode spec = policy.path("spec");
        LabelRules.selector(spec.path("podSelector"), "spec.podSelector", problems);
        rules(spec.path("ingress"), "spec.ingress", "from", problems);
        rules(spec.path("egress"), "spec.egress", "to", problems);
        JsonNode types = spec.path("policyTypes");
        if (types.size() > TYPES.size()) {
            problems.invalidShown(
                    "spec.policyTypes",
                    GoSyntax.list(types, "networking.PolicyType"),
                    "may not specify more than two policyTypes");
            return;
        }
        Tree.items(types, "spec.policyTypes").forEach(item -> problems.oneOf(item.path(), item.value(), TYPES));
    }

    private static void rules(JsonNode rules, String path, String peers, Problems problems) {
        Tree.items(rules, path).forEach(rule -> {
            Tree.items(rule.value().path("ports"), rule.path() + ".ports").forEach(port -> port(port, problems));
            Tree.items(rule.value().path(peers), rule.path() + "." + peers).forEach(peer -> peer(peer, problems));
        });
    }

    private static void port(Tree.Item item, Problems problems) {
        JsonNode port = item.value().path("port");
        JsonNode end = item.value().path("endPort");
        problems.oneOf(item.path() + ".protocol", item.value().path("protocol"), PROTOCOLS);
        PortRules.portOrName(problems, item.path() + ".port", port);
        if (!Tree.has(end)) {
            return;
        }
        String field = item.path() + ".endPort";
        if (!Tree.has(port)) {
            problems.required(item.path() + ".port", "must be specified when `endPort` is specified");
        } else if (port.isTextual()) {
            problems.invalid(field, end, "may not be specified when `port` is non-numeric");
        } else if (end.asLong() < port.asLong()) {
            problems.invalid(field, end, "must be greater than or equal to `port`");
        } else {
            problems.port(field, end);
        }
    }

    private static void peer(Tree.Item item, Problems problems) {
        JsonNode block = item.value().path("ipBlock");
        int given = 0;
        for (String field : List.of("podSelector", "namespaceSelector")) {
            JsonNode selector = item.value().path(field);
            if (selector.isObject()) {
                given++;
                LabelRules.selector(selector, item.path() + "." + field, problems);
            }
        }
        if (block.isObject() && given > 0) {
            problems.forbidden(item.path(), "may not specify both ipBlock and another peer");
        } else if (!block.isObject() && given == 0) {
            problems.required(item.path(), "must specify a peer");
        }
        if (block.isObject()) {
            block(block, item.path() + ".ipBlock", problems);
        }
    }

    private static void block(JsonNode block, String path, Problems problems) {
        JsonNode cidr = block.path("cidr");
        if (!problems.requireText(path, block, "cidr", "")) {
            return;
        }
        if (!Addresses.isCidr(cidr.asText())) {
            problems.invalid(path + ".cidr", cidr, Addresses.CIDR_WORDS);
            return;
        }
        Tree.items(block.path("except"), path + ".except").forEach(item -> {
            String text = item.value().asText();
            if (!Addresses.isCidr(text)) {
                problems.invalid(item.path(), item.value(), Addresses.CIDR_WORDS);
            } else if (!Addresses.isStrictlyWithin(text, cidr.asText())) {
                problems.invalid(item.path(), item.value(), "must be a strict subset of `cidr`");
            }
        });
    }
}
