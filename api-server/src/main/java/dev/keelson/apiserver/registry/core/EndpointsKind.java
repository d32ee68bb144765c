package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.SpecialAddresses;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The declaration of Endpoints, which EndpointSlices replace. */
final class EndpointsKind {
    private static final int SHOWN = 3;
    private static final List<String> ADDRESS_LISTS = List.of("addresses", "notReadyAddresses");

    private EndpointsKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.none()
                .defaulting(endpoints -> Tree.objects(endpoints, "subsets").stream()
                        .flatMap(subset -> Tree.objects(subset, "ports").stream())
                        .forEach(port -> Tree.setDefault(port, "protocol", "TCP")))
                .checking(EndpointsKind::check);
        return new ResourceDefinition(
                "",
                "v1",
                "Endpoints",
                "endpoints",
                "endpoints",
                List.of("ep"),
                List.of(),
                true,
                Set.of(),
                rules,
                List.of(
                        Columns.text("Endpoints", "Addresses and ports that serve.", EndpointsKind::format),
                        Columns.age()),
                Set.of());
    }

    private static void check(ObjectNode endpoints, Problems problems) {
        Tree.items(endpoints.path("subsets"), "subsets").forEach(subset -> {
            boolean empty = ADDRESS_LISTS.stream()
                    .allMatch(list -> subset.value().path(list).isEmpty());
            if (empty) {
                problems.required(subset.path(), "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : ADDRESS_LISTS) {
                Tree.items(subset.value().path(list), subset.path() + "." + list)
                        .forEach(item -> address(endpoints, item, problems));
            }
            JsonNode ports = subset.value().path("ports");
            Tree.items(ports, subset.path() + ".ports").forEach(item -> port(item, ports.size() > 1, problems));
        });
    }

    private static void address(ObjectNode endpoints, Tree.Item item, Problems problems) {
        String ip = Tree.text(item.value(), "ip");
        SpecialAddresses.endpointProblem(endpoints, ip)
                .ifPresent(words -> problems.invalid(item.path() + ".ip", ip, words));
        problems.named(item.path() + ".hostname", item.value().path("hostname"), NameRule.DNS_LABEL);
        problems.named(item.path() + ".nodeName", item.value().path("nodeName"), NameRule.DNS_SUBDOMAIN);
    }

    private static void port(Tree.Item item, boolean named, Problems problems) {
        JsonNode port = item.value();
        PortRules.nameAndNumber(problems, item, named);
        problems.oneOf(item.path() + ".protocol", port.path("protocol"), List.of("SCTP", "TCP", "UDP"));
        if (Tree.has(port, "appProtocol")) {
            LabelNames.keyProblems(Tree.text(port, "appProtocol"))
                    .forEach(words -> problems.invalid(item.path() + ".appProtocol", port.path("appProtocol"), words));
        }
    }

    private static String format(ObjectNode endpoints) {
        List<ObjectNode> subsets = Tree.objects(endpoints, "subsets");
        if (subsets.isEmpty()) {
            return Columns.NONE;
        }
        List<String> all = new ArrayList<>();
        for (ObjectNode subset : subsets) {
            List<String> addresses = Tree.objects(subset, "addresses").stream()
                    .map(address -> Tree.text(address, "ip"))
                    .toList();
            List<ObjectNode> ports = Tree.objects(subset, "ports");
            for (ObjectNode port : ports) {
                String number = port.path("port").asText();
                addresses.forEach(ip -> all.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + number));
            }
            if (ports.isEmpty()) {
                all.addAll(addresses);
            }
        }
        return Columns.first(SHOWN, ",", all);
    }
}
