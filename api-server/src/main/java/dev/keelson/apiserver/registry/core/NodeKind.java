package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The declaration of Nodes. */
final class NodeKind {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    private NodeKind() {}

    static ResourceDefinition definition() {
        // A node registers itself with its status, so creation keeps it.
        KindRules rules = KindRules.none()
                .defaulting(NodeKind::complete)
                .creating(node -> Tree.child(node, "status"))
                .updating((updated, old) -> Tree.carry(updated, old, "status"))
                .checking(NodeRules::validate)
                .checkingChange(NodeRules::validateChange)
                .writing(
                        "status",
                        (updated, old) -> completeStatus(updated),
                        (updated, old, problems) -> NodeRules.validateStatus(updated, problems))
                .advising(ObjectWarnings::node);
        return new ResourceDefinition(
                "",
                "v1",
                "Node",
                "nodes",
                "node",
                List.of("no"),
                List.of(),
                false,
                Set.of(Subresource.STATUS, Subresource.PROXY),
                rules,
                columns(),
                Set.of("spec.unschedulable"));
    }

    private static void complete(ObjectNode node) {
        ObjectNode spec = Tree.child(node, "spec");
        completeStatus(node);
        String cidr = Tree.text(spec, "podCIDR");
        if (!cidr.isEmpty() && spec.path("podCIDRs").isEmpty()) {
            spec.putArray("podCIDRs").add(cidr);
        }
    }

    /** What nobody keeps back is there for pods. */
    private static void completeStatus(ObjectNode node) {
        ObjectNode status = Tree.child(node, "status");
        Tree.object(status, "capacity")
                .filter(capacity -> !status.path("allocatable").isObject())
                .ifPresent(capacity -> status.set("allocatable", capacity.deepCopy()));
    }

    private static List<Column> columns() {
        return List.of(
                Columns.text("Status", "Whether the node is ready and takes new pods.", NodeKind::status),
                Columns.text("Roles", "Roles from the node's labels.", NodeKind::roles),
                Columns.age(),
                Columns.text("Version", "Version of the node's agent.", node -> info(node, "kubeletVersion")),
                Columns.wide("Internal-IP", "Address inside the cluster.", node -> address(node, "InternalIP")),
                Columns.wide("External-IP", "Address outside the cluster.", node -> address(node, "ExternalIP")),
                Columns.wide("OS-Image", "Operating system.", node -> unknown(info(node, "osImage"))),
                Columns.wide("Kernel-Version", "Kernel.", node -> unknown(info(node, "kernelVersion"))),
                Columns.wide(
                        "Container-Runtime",
                        "Container engine.",
                        node -> unknown(info(node, "containerRuntimeVersion"))));
    }

    private static String status(ObjectNode node) {
        String ready = Tree.objects(node, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals("Ready"))
                .map(condition -> Tree.text(condition, "status").equals("True") ? "Ready" : "NotReady")
                .findFirst()
                .orElse("Unknown");
        return Tree.isTrue(node, "spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(ObjectNode node) {
        return Columns.join(Tree.at(node, "metadata", "labels").properties().stream()
                .flatMap(label -> {
                    if (label.getKey().startsWith(ROLE_PREFIX)) {
                        return Stream.of(label.getKey().substring(ROLE_PREFIX.length()));
                    }
                    return label.getKey().equals("kubernetes.io/role")
                            ? Stream.of(label.getValue().asText())
                            : Stream.empty();
                })
                .filter(role -> !role.isEmpty())
                .distinct()
                .sorted()
                .toList());
    }

    private static String info(ObjectNode node, String field) {
        return Tree.text(node, "status", "nodeInfo", field);
    }

    private static String unknown(String text) {
        return text.isEmpty() ? "<unknown>" : text;
    }

    private static String address(ObjectNode node, String type) {
        return Tree.objects(node, "status", "addresses").stream()
                .filter(address -> Tree.text(address, "type").equals(type))
                .map(address -> Tree.text(address, "address"))
                .findFirst()
                .orElse(Columns.NONE);
    }
}
