package dev.keelson.apiserver.registry.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.pod.PodSpecRules;
import dev.keelson.apiserver.registry.pod.ResourceRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.NodeLabelWarnings;
import java.util.List;

/** The kinds of {@code node.k8s.io/v1}. */
public final class NodeApiKinds {
    private NodeApiKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.clusterWide("node.k8s.io/v1", "RuntimeClass", "runtimeclasses")
                .columns(Columns.text("Handler", "What runs its pods on a node.", "", "handler"), Columns.age())
                .with(KindRules.none()
                        .checking(NodeApiKinds::validate)
                        .checkingChange((updated, old, problems) ->
                                problems.immutable("handler", updated.path("handler"), old.path("handler")))
                        .advising(NodeLabelWarnings::runtimeClass)));
    }

    private static void validate(ObjectNode runtimeClass, Problems problems) {
        String handler = Tree.text(runtimeClass, "handler");
        NameRule.DNS_LABEL.problems(handler).forEach(words -> problems.invalid("handler", handler, words));
        ResourceRules.overhead(Tree.at(runtimeClass, "overhead", "podFixed"), "overhead", problems);
        JsonNode scheduling = runtimeClass.path("scheduling");
        LabelRules.labels(scheduling.path("nodeSelector"), "scheduling.nodeSelector", problems);
        PodSpecRules.tolerations(scheduling.path("tolerations"), "scheduling.tolerations", problems);
    }
}
