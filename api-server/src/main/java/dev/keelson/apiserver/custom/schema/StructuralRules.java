package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a schema is structural (apiextensions' {@code ValidateStructural}). */
final class StructuralRules {
    static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");

    /** What says what a value is, and how it must be where a schema may only judge values. */
    private static final Map<String, String> STRUCTURE = Map.ofEntries(
            Map.entry("title", "empty"),
            Map.entry("description", "empty"),
            Map.entry("type", "empty"),
            Map.entry("default", "undefined"),
            Map.entry("additionalProperties", "undefined"),
            Map.entry("nullable", "false"),
            Map.entry("x-kubernetes-preserve-unknown-fields", "false"),
            Map.entry("x-kubernetes-embedded-resource", "false"),
            Map.entry("x-kubernetes-int-or-string", "false"),
            Map.entry("x-kubernetes-list-type", "undefined"),
            Map.entry("x-kubernetes-list-map-keys", "empty"),
            Map.entry("x-kubernetes-map-type", "undefined"),
            Map.entry("x-kubernetes-validations", "empty"));

    /** What the metadata at the root may say beside the names that it restricts. */
    private static final Set<String> OF_METADATA = Set.of("type", "default", "properties", "externalDocs", "example");

    private static final Set<String> RESTRICTED = Set.of("name", "generateName");

    private enum Level {
        ROOT("at the root"),
        FIELD("for specified object fields"),
        ITEM("for specified array items");

        private final String words;

        Level(String words) {
            this.words = words;
        }
    }

    private final Problems problems = new Problems();

    private StructuralRules() {}

    /** What is wrong, sorted by its words. */
    static List<FieldError> check(Structural root, String path) {
        StructuralRules rules = new StructuralRules();
        rules.part(root, Level.ROOT, path);
        // What junctors further down require is not looked at, as in Kubernetes.
        rules.junctorsComplete(root.node(), Optional.of(root), path, path);
        return rules.problems.list().stream()
                .sorted(Comparator.comparing(error -> error.field() + ": " + error.message()))
                .toList();
    }

    private void part(Structural schema, Level level, String path) {
        if (schema.type().equals("array") && schema.items().isEmpty()) {
            problems.required(path + ".items", "must be specified");
        }
        for (Structural.Part below : schema.parts(path)) {
            part(below.schema(), below.path().endsWith(".items") ? Level.ITEM : Level.FIELD, below.path());
        }
        intOrString(schema, path);
        JsonNode node = schema.node();
        boolean pattern = isIntOrString(node.path("anyOf"));
        boolean nestedPattern = isIntOrString(node.path("allOf").path(0).path("anyOf"));
        judging(node, pattern, nestedPattern, path);
        type(schema, level, path);
        values(schema, level, path);
        if (level == Level.ROOT || schema.embedsResource()) {
            typeMeta(schema, path);
        }
        if (level == Level.ROOT) {
            schema.property("metadata").ifPresent(metadata -> metadata(metadata, path + ".properties[metadata]"));
        }
        if (schema.embedsResource() && !schema.hasProperties() && !schema.preservesUnknown()) {
            problems.required(
                    path + ".properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
    }

    private void intOrString(Structural schema, String path) {
        if (schema.isIntOrString()) {
            for (String field : List.of("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")) {
                if (Tree.isTrue(schema.node(), field)) {
                    problems.invalid(
                            path + "." + field,
                            schema.node().path(field),
                            "must be false if x-kubernetes-int-or-string is true");
                }
            }
        }
    }

    private void type(Structural schema, Level level, String path) {
        String at = path + ".type";
        if (schema.embedsResource() && !schema.type().equals("object")) {
            String words = "must be object if x-kubernetes-embedded-resource is true";
            if (schema.type().isEmpty()) {
                problems.required(at, words);
            } else {
                problems.invalid(at, schema.type(), words);
            }
        } else if (schema.type().isEmpty() && !schema.isIntOrString() && !schema.preservesUnknown()) {
            problems.required(at, "must not be empty " + level.words);
        }
        if (level == Level.ROOT && !schema.type().isEmpty() && !schema.type().equals("object")) {
            problems.invalid(at, schema.type(), "must be object at the root");
        }
    }

    private void values(Structural schema, Level level, String path) {
        if (schema.node().path("additionalProperties").isMissingNode()) {
            return;
        }
        if (level == Level.ROOT) {
            problems.forbidden(path + ".additionalProperties", "must not be used at the root");
        }
        if (schema.embedsResource()) {
            problems.forbidden(
                    path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        }
    }

    /** The fields that every object has are what they are. */
    private void typeMeta(Structural schema, String path) {
        Map.of("kind", "string", "apiVersion", "string", "metadata", "object")
                .forEach((field, type) -> schema.property(field)
                        .filter(property -> !property.type().equals(type))
                        .ifPresent(property -> problems.invalid(
                                path + ".properties[" + field + "].type", property.type(), "must be " + type)));
    }

    private void metadata(Structural metadata, String path) {
        boolean restricts = metadata.node()
                .path("properties")
                .propertyStream()
                .allMatch(property -> RESTRICTED.contains(property.getKey()));
        boolean more = metadata.node()
                .propertyStream()
                .anyMatch(field -> !OF_METADATA.contains(field.getKey()) && Tree.isSaid(field.getValue()));
        if (!restricts || more) {
            problems.forbidden(
                    path,
                    "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    /** Exactly {@code [{type: integer}, {type: string}]}: there, types may be named. */
    private static boolean isIntOrString(JsonNode anyOf) {
        return anyOf.size() == 2 && isType(anyOf.path(0), "integer") && isType(anyOf.path(1), "string");
    }

    private static boolean isType(JsonNode schema, String type) {
        return schema.path("type").asText().equals(type)
                && schema.propertyStream()
                        .allMatch(field -> field.getKey().equals("type") || !Tree.isSaid(field.getValue()));
    }

    /**
     * The junctors of a schema, and its pattern.
     *
     * @param pattern whether the alternatives are those of {@link #isIntOrString}
     * @param nestedPattern whether those within the first one of {@code allOf} are
     */
    private void judging(JsonNode schema, boolean pattern, boolean nestedPattern, String path) {
        for (String junctor : JUNCTORS) {
            if (junctor.equals("anyOf") && pattern) {
                continue;
            }
            Tree.items(schema.path(junctor), path + "." + junctor).forEach(item -> {
                boolean first = junctor.equals("allOf")
                        && item.value() == schema.path(junctor).path(0);
                judgement(item.value(), first && nestedPattern, item.path());
            });
        }
        judgement(schema.path("not"), false, path + ".not");
        String regex = Tree.text(schema, "pattern");
        if (!regex.isEmpty()) {
            Patterns.problem(regex)
                    .ifPresent(words -> problems.invalid(
                            path + ".pattern", regex, "must be a valid regular expression, but isn't: " + words));
        }
    }

    /** A schema that may only judge values which the schema outside describes. */
    private void judgement(JsonNode schema, boolean pattern, String path) {
        if (!(schema instanceof ObjectNode)) {
            return;
        }
        judging(schema, pattern, false, path);
        judgement(schema.path("items"), false, path + ".items");
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            judgement(property.getValue(), false, path + ".properties[" + property.getKey() + "]");
        }
        STRUCTURE.forEach((field, word) -> {
            JsonNode value = schema.path(field);
            boolean said = word.equals("undefined") ? !value.isMissingNode() && !value.isNull() : Tree.isSaid(value);
            if (said) {
                problems.forbidden(path + "." + field, "must be " + word + " to be structural");
            }
        });
        if (schema.path("properties").has("metadata")) {
            problems.forbidden(path + ".properties[metadata]", "must not be specified in a nested context");
        }
    }

    private void junctorsComplete(JsonNode judge, Optional<Structural> described, String describedAt, String path) {
        for (String junctor : JUNCTORS) {
            Tree.items(judge.path(junctor), path + "." + junctor)
                    .forEach(item -> complete(item.value(), described, describedAt, item.path()));
        }
        complete(judge.path("not"), described, describedAt, path + ".not");
    }

    /** Whatever a junctor judges is described outside of it. */
    private void complete(JsonNode judge, Optional<Structural> described, String describedAt, String path) {
        if (!(judge instanceof ObjectNode)) {
            return;
        }
        if (described.isEmpty()) {
            problems.required(describedAt, "because it is defined in " + path);
            return;
        }
        junctorsComplete(judge, described, describedAt, path);
        complete(judge.path("items"), described.get().items(), describedAt + ".items", path + ".items");
        for (Map.Entry<String, JsonNode> property : judge.path("properties").properties()) {
            String name = ".properties[" + property.getKey() + "]";
            complete(property.getValue(), described.get().property(property.getKey()), describedAt + name, path + name);
        }
    }
}
