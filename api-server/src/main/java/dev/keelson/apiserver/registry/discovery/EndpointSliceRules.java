package dev.keelson.apiserver.registry.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.SpecialAddresses;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid EndpointSlice is (Kubernetes' {@code discovery/validation}). */
final class EndpointSliceRules {
    private static final List<String> ADDRESS_TYPES = List.of("FQDN", "IPv4", "IPv6");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_PORTS = 20000;
    private static final int MAX_ZONES = 8;

    private EndpointSliceRules() {}

    static void validate(ObjectNode slice, Problems problems) {
        String type = Tree.text(slice, "addressType");
        if (type.isEmpty()) {
            problems.required("addressType", "");
        } else {
            problems.oneOf("addressType", slice.path("addressType"), ADDRESS_TYPES);
        }
        if (slice.path("endpoints").size() > MAX_ENDPOINTS) {
            problems.tooMany("endpoints", slice.path("endpoints").size(), MAX_ENDPOINTS);
            return;
        }
        Tree.items(slice.path("endpoints"), "endpoints").forEach(item -> endpoint(slice, item, problems));
        ports(slice.path("ports"), problems);
    }

    private static void endpoint(ObjectNode slice, Tree.Item item, Problems problems) {
        JsonNode addresses = item.value().path("addresses");
        String path = item.path() + ".addresses";
        if (addresses.isEmpty()) {
            problems.required(path, "must contain at least 1 address");
        } else if (addresses.size() > MAX_ADDRESSES) {
            problems.tooMany(path, addresses.size(), MAX_ADDRESSES);
        } else {
            Tree.items(addresses, path).forEach(address -> address(slice, address, problems));
        }
        problems.named(item.path() + ".nodeName", item.value().path("nodeName"), NameRule.DNS_SUBDOMAIN);
        problems.named(item.path() + ".hostname", item.value().path("hostname"), NameRule.DNS_LABEL);
        hints(Tree.at(item.value(), "hints", "forZones"), item.path() + ".hints.forZones", problems);
    }

    private static void hints(JsonNode zones, String path, Problems problems) {
        if (zones.size() > MAX_ZONES) {
            problems.tooMany(path, zones.size(), MAX_ZONES);
            return;
        }
        Set<String> seen = new HashSet<>();
        Tree.items(zones, path).forEach(item -> {
            if (!problems.requireText(item.path(), item.value(), "name", "")) {
                return;
            }
            JsonNode name = item.value().path("name");
            if (!seen.add(name.asText())) {
                problems.duplicate(item.path() + ".name", name);
            }
            LabelNames.valueProblems(name.asText())
                    .forEach(words -> problems.invalid(item.path() + ".name", name, words));
        });
    }

    private static void address(ObjectNode slice, Tree.Item address, Problems problems) {
        String type = Tree.text(slice, "addressType");
        String text = address.value().asText();
        switch (type) {
            case "IPv4", "IPv6" -> {
                if (!Addresses.familyOf(text)
                        .map(Addresses.Family::word)
                        .filter(type::equals)
                        .isPresent()) {
                    problems.invalid(address.path(), text, "must be a valid " + type + " address");
                }
                if (Addresses.isIp(text)) {
                    SpecialAddresses.endpointProblem(slice, text)
                            .ifPresent(words -> problems.invalid(address.path(), text, words));
                } else {
                    problems.invalid(address.path(), text, "must be a valid IP address");
                }
            }
            case "FQDN" -> domain(address.path(), text, problems);
            default -> {
                // The type itself was reported.
            }
        }
    }

    /** A domain of at least two labels, with or without the dot that ends it. */
    private static void domain(String path, String text, Problems problems) {
        if (text.isEmpty()) {
            problems.required(path, "");
            return;
        }
        String domain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        List<String> words = NameRule.DNS_SUBDOMAIN.problems(domain);
        if (!words.isEmpty()) {
            problems.invalid(path, domain, words, ",");
        } else if (!domain.contains(".")) {
            problems.invalid(path, domain, "should be a domain with at least two segments separated by dots");
        } else {
            for (String label : domain.split("\\.")) {
                problems.invalid(path, label, NameRule.DNS_LABEL.problems(label), ",");
            }
        }
    }

    private static void ports(JsonNode ports, Problems problems) {
        if (ports.size() > MAX_PORTS) {
            problems.tooMany("ports", ports.size(), MAX_PORTS);
            return;
        }
        Set<String> names = new HashSet<>();
        Tree.items(ports, "ports").forEach(item -> {
            String name = Tree.text(item.value(), "name");
            if (!names.add(name)) {
                problems.duplicate(item.path() + ".name", item.value().path("name"));
            }
            problems.named(item.path() + ".name", item.value().path("name"), NameRule.DNS_LABEL);
            problems.oneOf(item.path() + ".protocol", item.value().path("protocol"), PROTOCOLS);
            if (Tree.has(item.value(), "appProtocol")) {
                LabelNames.keyProblems(Tree.text(item.value(), "appProtocol"))
                        .forEach(words -> problems.invalid(
                                item.path() + ".appProtocol", item.value().path("appProtocol"), words));
            }
            JsonNode port = item.value().path("port");
            if (port.isNumber() && !PortRules.isPort(port)) {
                problems.invalid(item.path() + ".port", port, PortRules.PORT_WORDS);
            }
        });
    }
}
