package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.KeyNames;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What valid environment variables are. */
final class EnvRules {
    private static final String NAME_WORDS =
            "a valid environment variable name must consist only of printable ASCII characters other than '='";
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef");

    private EnvRules() {}

    static void validate(JsonNode container, String path, Problems problems) {
        Tree.items(container.path("env"), path + ".env").forEach(item -> variable(item, problems));
        Tree.items(container.path("envFrom"), path + ".envFrom")
                .forEach(item -> from(item, path + ".envFrom", problems));
    }

    private static void variable(Tree.Item item, Problems problems) {
        JsonNode variable = item.value();
        if (problems.requireText(item.path(), variable, "name", "")) {
            name(item.path() + ".name", variable.path("name"), problems);
        }
        JsonNode source = variable.path("valueFrom");
        if (!source.isObject()) {
            return;
        }
        String path = item.path() + ".valueFrom";
        long sources =
                SOURCES.stream().filter(field -> source.path(field).isObject()).count();
        if (sources == 0) {
            problems.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        } else if (Tree.has(variable, "value")) {
            problems.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
        if (source.path("fieldRef").isObject()) {
            FieldSources.variable(source.path("fieldRef"), path + ".fieldRef", problems);
        }
        for (String reference : List.of("configMapKeyRef", "secretKeyRef")) {
            if (source.path(reference).isObject()) {
                referenceName(path + "." + reference + ".name", source.path(reference), problems);
                if (problems.requireText(path + "." + reference, source.path(reference), "key", "")) {
                    KeyNames.check(
                            path + "." + reference + ".key",
                            source.path(reference).path("key"),
                            problems);
                }
            }
        }
        if (source.path("resourceFieldRef").isObject()) {
            FieldSources.resource(source.path("resourceFieldRef"), false, path + ".resourceFieldRef", problems);
        }
    }

    private static void from(Tree.Item item, String list, Problems problems) {
        JsonNode source = item.value();
        if (Tree.has(source, "prefix")) {
            name(item.path() + ".prefix", source.path("prefix"), problems);
        }
        long sources = List.of("configMapRef", "secretRef").stream()
                .filter(field -> source.path(field).isObject())
                .count();
        if (sources == 0) {
            problems.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (sources > 1) {
            problems.invalid(list, "", "may not have more than one field specified at a time");
        }
        for (String reference : List.of("configMapRef", "secretRef")) {
            if (source.path(reference).isObject()
                    && problems.requireText(item.path() + "." + reference, source.path(reference), "name", "")) {
                problems.named(
                        item.path() + "." + reference + ".name",
                        source.path(reference).path("name"),
                        NameRule.DNS_SUBDOMAIN);
            }
        }
    }

    /** Here an empty name is a wrong one, not a missing one. */
    private static void referenceName(String path, JsonNode reference, Problems problems) {
        NameRule.DNS_SUBDOMAIN
                .problems(Tree.text(reference, "name"))
                .forEach(words -> problems.invalid(path, Tree.text(reference, "name"), words));
    }

    private static void name(String path, JsonNode name, Problems problems) {
        String text = name.asText();
        if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '=')) {
            problems.invalid(path, name, NAME_WORDS);
        }
    }
}
