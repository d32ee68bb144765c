package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

    static void validate(JsonNode ports, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        Tree.items(ports, path).forEach(item -> {
            JsonNode port = item.value();
            String name = Tree.text(port, "name");
            if (!name.isEmpty()) {
                List<String> wrong = PortRules.nameProblems(name);
                wrong.forEach(words -> problems.invalid(item.path() + ".name", name, words));
                if (wrong.isEmpty() && !names.add(name)) {
                    problems.duplicate(item.path() + ".name", port.path("name"));
                }
            }
            numbers(item, problems);
            if (Tree.has(port, "protocol")) {
                problems.oneOf(item.path() + ".protocol", port.path("protocol"), PROTOCOLS);
            } else {
                problems.required(item.path() + ".protocol", "");
            }
        });
    }

    private static void numbers(Tree.Item item, Problems problems) {
        JsonNode inside = item.value().path("containerPort");
        if (Tree.number(inside).orElse(0L) == 0) {
            problems.required(item.path() + ".containerPort", "");
        } else {
            problems.port(item.path() + ".containerPort", inside);
        }
        JsonNode outside = item.value().path("hostPort");
        if (Tree.number(outside).orElse(0L) != 0) {
            problems.port(item.path() + ".hostPort", outside);
        }
    }

    /**
     * Containers in the network of their host have its ports.
     *
     * @param open whether ports of the host may be left out, as in templates, whose pods get them
     */
    static void asOnTheHost(JsonNode ports, String path, boolean open, Problems problems) {
        Tree.items(ports, path).forEach(item -> {
            long inside = Tree.number(item.value(), "containerPort").orElse(0L);
            long outside = Tree.number(item.value(), "hostPort").orElse(0L);
            boolean leftOut = open && outside == 0;
            if (!leftOut && outside != inside) {
                problems.invalid(
                        item.path() + ".hostPort",
                        LongNode.valueOf(outside),
                        "must match `containerPort` when `hostNetwork` is true");
            }
        });
    }

    /** @param taken ports of the host that containers before took */
    static void hostConflicts(JsonNode ports, String path, Set<String> taken, Problems problems) {
        Tree.items(ports, path).forEach(item -> {
            JsonNode port = item.value();
            if (Tree.number(port, "hostPort").orElse(0L) != 0) {
                String identity =
                        Tree.text(port, "protocol") + "/" + Tree.text(port, "hostIP") + "/" + port.path("hostPort");
                if (!taken.add(identity)) {
                    problems.duplicate(item.path() + ".hostPort", TextNode.valueOf(identity));
                }
            }
        });
    }
}
