package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The declaration of Endpoints, which EndpointSlices replace. */
final class EndpointsKind {
    private static final int SHOWN = 3;

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
            for (String list : List.of("addresses", "notReadyAddresses")) {
                Tree.items(subset.value().path(list), subset.path() + "." + list)
                        .forEach(item -> {
                            if (!Addresses.isIp(Tree.text(item.value(), "ip"))) {
                                problems.invalid(
                                        item.path() + ".ip", item.value().path("ip"), Addresses.IP_WORDS);
                            }
                        });
            }
            Tree.items(subset.value().path("ports"), subset.path() + ".ports").forEach(item -> {
                if (!PortRules.isPort(item.value().path("port"))) {
                    problems.invalid(item.path() + ".port", item.value().path("port"), PortRules.PORT_WORDS);
                }
            });
        });
    }

    private static String format(ObjectNode endpoints) {
        List<String> all = new ArrayList<>();
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            for (ObjectNode address : Tree.objects(subset, "addresses")) {
                String ip = Tree.text(address, "ip");
                List<ObjectNode> ports = Tree.objects(subset, "ports");
                ports.forEach(port -> all.add(ip + ":" + port.path("port").asText()));
                if (ports.isEmpty()) {
                    all.add(ip);
                }
            }
        }
        String shown = Columns.join(all.stream().limit(SHOWN).toList());
        return all.size() <= SHOWN ? shown : shown + " + %d more...".formatted(all.size() - SHOWN);
    }
}
