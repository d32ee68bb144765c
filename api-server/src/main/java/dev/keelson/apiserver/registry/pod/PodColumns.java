package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What {@code kubectl get pods} shows. */
final class PodColumns {
    private PodColumns() {}

    static List<Column> list() {
        return List.of(
                Columns.text("Ready", "How many containers are ready, of how many.", PodColumns::ready),
                Columns.text("Status", "The state of the pod in one word.", pod -> PodStatusWord.of(pod)
                        .word()),
                new Column(
                        "Restarts",
                        "string",
                        "",
                        "How often containers were restarted, and when last.",
                        0,
                        (pod, now) -> PodStatusWord.of(pod).restartsCell(now)),
                Columns.age(),
                Columns.wide("IP", "Address of the pod.", PodColumns::address),
                Columns.wide(
                        "Node",
                        "Node that the pod is bound to.",
                        pod -> Columns.orNone(Tree.text(pod, "spec", "nodeName"))),
                Columns.wide(
                        "Nominated Node",
                        "Node that makes room for the pod.",
                        pod -> Columns.orNone(Tree.text(pod, "status", "nominatedNodeName"))),
                Columns.wide(
                        "Readiness Gates", "How many readiness gates have passed, of how many.", PodColumns::gates));
    }

    private static String ready(ObjectNode pod) {
        PodStatusWord status = PodStatusWord.of(pod);
        return status.ready() + "/" + status.total();
    }

    private static String address(ObjectNode pod) {
        String first = Tree.text(Tree.at(pod, "status", "podIPs").path(0), "ip");
        return Columns.orNone(first.isEmpty() ? Tree.text(pod, "status", "podIP") : first);
    }

    private static String gates(ObjectNode pod) {
        List<ObjectNode> gates = Tree.objects(pod, "spec", "readinessGates");
        long passed = gates.stream()
                .filter(gate -> Tree.objects(pod, "status", "conditions").stream()
                        .anyMatch(condition -> Tree.text(condition, "type").equals(Tree.text(gate, "conditionType"))
                                && Tree.text(condition, "status").equals("True")))
                .count();
        return gates.isEmpty() ? Columns.NONE : passed + "/" + gates.size();
    }
}
