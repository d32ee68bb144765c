package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.PortRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid ports of containers are. */
final class PortListRules {
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private PortListRules() {}

    static void validate(JsonNode ports, String path, boolean hostNetwork, Problems problems) {
        Set<String> names = new HashSet<>();
        Tree.items(ports, path).forEach(item -> {
            JsonNode port = item.value();
            String name = Tree.text(port, "name");
            if (!name.isEmpty()) {
                PortRules.nameProblem(name).ifPresent(words -> problems.invalid(item.path() + ".name", name, words));
                if (!names.add(name)) {
                    problems.duplicate(item.path() + ".name", port.path("name"));
                }
            }
            numbers(item, hostNetwork, problems);
            if (Tree.has(port, "protocol")) {
                problems.oneOf(item.path() + ".protocol", port.path("protocol"), PROTOCOLS);
            } else {
                problems.required(item.path() + ".protocol", "");
            }
        });
    }

    private static void numbers(Tree.Item item, boolean hostNetwork, Problems problems) {
        JsonNode inside = item.value().path("containerPort");
        if (Tree.number(inside).orElse(0L) == 0) {
            problems.required(item.path() + ".containerPort", "");
        } else {
            problems.port(item.path() + ".containerPort", inside);
        }
        JsonNode outside = item.value().path("hostPort");
        if (Tree.number(outside).orElse(0L) != 0) {
            problems.port(item.path() + ".hostPort", outside);
            if (hostNetwork && !outside.equals(inside)) {
                problems.invalid(
                        item.path() + ".containerPort", inside, "must match `hostPort` when `hostNetwork` is true");
            }
        }
    }

    /** @param taken ports of the host that containers before took */
    static void hostConflicts(JsonNode ports, String path, Set<String> taken, Problems problems) {
        Tree.items(ports, path).forEach(item -> {
            JsonNode port = item.value();
            if (Tree.number(port, "hostPort").orElse(0L) != 0) {
                String identity =
                        Tree.text(port, "protocol") + "/" + Tree.text(port, "hostIP") + "/" + port.path("hostPort");
                if (!taken.add(identity)) {
                    problems.duplicate(item.path() + ".hostPort", port.path("hostPort"));
                }
            }
        });
    }
}
