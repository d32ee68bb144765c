package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid FlowSchema is (Kubernetes' {@code flowcontrol/validation}). */
final class FlowSchemaRules {
    private static final int HIGHEST_PRECEDENCE = 10_000;
    private static final List<String> METHODS = List.of("ByNamespace", "ByUser");

    private FlowSchemaRules() {}

    static void validate(ObjectNode schema, Problems problems) {
        JsonNode spec = schema.path("spec");
        precedence(spec.path("matchingPrecedence"), Meta.name(schema), problems);
        if (spec.path("distinguisherMethod").isObject()) {
            String method = Tree.text(spec, "distinguisherMethod", "type");
            if (!METHODS.contains(method)) {
                problems.notSupported(
                        "spec.distinguisherMethod.type", Tree.at(spec, "distinguisherMethod", "type"), METHODS);
            }
        }
        JsonNode level = spec.path("priorityLevelConfiguration");
        if (problems.requireText("spec.priorityLevelConfiguration", level, "name", "must reference a priority level")) {
            problems.named("spec.priorityLevelConfiguration.name", level.path("name"), NameRule.DNS_SUBDOMAIN);
        }
        Tree.items(spec.path("rules"), "spec.rules").forEach(item -> FlowRules.check(item, problems));
        FirstFlows.fixed(FirstFlows.schemas(), Meta.name(schema))
                .ifPresent(fixed -> isFixed(schema, fixed, "must equal the fixed value", problems));
    }

    /** Says that the spec is not what it must be, when it is not. */
    static void isFixed(ObjectNode object, ObjectNode fixed, String words, Problems problems) {
        if (!object.path("spec").equals(JsonNumbers::compare, fixed.path("spec"))) {
            problems.invalid("spec", object.path("spec"), "spec of '%s' %s".formatted(Meta.name(object), words));
        }
    }

    private static void precedence(JsonNode precedence, String name, Problems problems) {
        String path = "spec.matchingPrecedence";
        long value = precedence.asLong(0);
        if (value <= 0) {
            problems.invalid(path, precedence, "must be a positive value");
        }
        if (value > HIGHEST_PRECEDENCE) {
            problems.invalid(path, precedence, "must not be greater than " + HIGHEST_PRECEDENCE);
        }
        if (value == 1 && !name.equals("exempt")) {
            problems.invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    /** Conditions of either kind have a type, and none twice. */
    static void conditions(ObjectNode object, Problems problems) {
        Set<String> types = new HashSet<>();
        Tree.items(Tree.at(object, "status", "conditions"), "status.conditions").forEach(item -> {
            if (!types.add(Tree.text(item.value(), "type"))) {
                problems.duplicate(item.path() + ".type", item.value().path("type"));
            }
            problems.requireText(item.path(), item.value(), "type", "must not be empty");
        });
    }
}
