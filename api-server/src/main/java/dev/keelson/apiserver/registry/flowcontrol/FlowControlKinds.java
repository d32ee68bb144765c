package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** The kinds of {@code flowcontrol.apiserver.k8s.io/v1}: kept and judged; fairness comes with a later capability. */
public final class FlowControlKinds {
    static final String API_VERSION = "flowcontrol.apiserver.k8s.io/v1";

    private FlowControlKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(flowSchema(), priorityLevel());
    }

    private static ResourceDefinition flowSchema() {
        return Declaration.clusterWide(API_VERSION, "FlowSchema", "flowschemas")
                .subresources(Subresource.STATUS)
                .columns(
                        Columns.text(
                                "PriorityLevel",
                                "The level of its requests.",
                                "",
                                "spec",
                                "priorityLevelConfiguration",
                                "name"),
                        Columns.number("MatchingPrecedence", "The lowest that matches wins.", schema -> Tree.number(
                                        schema, "spec", "matchingPrecedence")
                                .orElse(0L)),
                        Columns.text(
                                "DistinguisherMethod",
                                "How its requests are told apart.",
                                Columns.NONE,
                                "spec",
                                "distinguisherMethod",
                                "type"),
                        Columns.age(),
                        Columns.text("MissingPL", "Whether its level does not exist.", FlowControlKinds::missing))
                .with(KindRules.withStatus()
                        .counting("spec")
                        .defaulting(object -> Tree.setDefault(Tree.child(object, "spec"), "matchingPrecedence", 1000))
                        .checking(FlowSchemaRules::validate)
                        .checkingStatus((updated, old, problems) -> FlowSchemaRules.conditions(updated, problems)));
    }

    private static String missing(ObjectNode schema) {
        return Tree.objects(schema, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals("Dangling"))
                .map(condition -> Tree.text(condition, "status"))
                .findFirst()
                .orElse("?");
    }

    private static ResourceDefinition priorityLevel() {
        return Declaration.clusterWide(API_VERSION, "PriorityLevelConfiguration", "prioritylevelconfigurations")
                .subresources(Subresource.STATUS)
                .columns(
                        Columns.text("Type", "Whether it is limited.", "", "spec", "type"),
                        ofLimited("NominalConcurrencyShares", "Its share of the seats.", "nominalConcurrencyShares"),
                        queuing("Queues", "How many queues it has.", "queues"),
                        queuing("HandSize", "Queues among which a flow is spread.", "handSize"),
                        queuing("QueueLengthLimit", "How many requests may wait in one.", "queueLengthLimit"),
                        Columns.age())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .defaulting(FlowControlKinds::completeLevel)
                        .checking(PriorityLevelRules::validate)
                        .checkingStatus((updated, old, problems) -> FlowSchemaRules.conditions(updated, problems)));
    }

    private static Column queuing(String name, String description, String field) {
        return ofLimited(name, description, "limitResponse", "queuing", field);
    }

    /** A number where there is a limit. */
    private static Column ofLimited(String name, String description, String... path) {
        return new Column(
                name, "string", "", description, 0, (level, now) -> Tree.number(Tree.at(level, "spec", "limited"), path)
                        .<Object>map(count -> count)
                        .orElse(Columns.NONE));
    }

    private static void completeLevel(ObjectNode level) {
        ObjectNode spec = Tree.child(level, "spec");
        Tree.object(spec, "limited").ifPresent(limited -> {
            Tree.setDefault(limited, "nominalConcurrencyShares", 30);
            Tree.setDefault(limited, "lendablePercent", 0);
            Tree.object(limited, "limitResponse", "queuing").ifPresent(queuing -> {
                Tree.setDefault(queuing, "queues", 64);
                Tree.setDefault(queuing, "handSize", 8);
                Tree.setDefault(queuing, "queueLengthLimit", 50);
            });
        });
        if (Tree.text(spec, "type").equals("Exempt")) {
            ObjectNode exempt = Tree.child(spec, "exempt");
            Tree.setDefault(exempt, "nominalConcurrencyShares", 0);
            Tree.setDefault(exempt, "lendablePercent", 0);
        }
    }
}
