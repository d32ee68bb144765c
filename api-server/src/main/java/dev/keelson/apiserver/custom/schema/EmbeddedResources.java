package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.EmbeddedResource;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.ObjectMetaRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;

/** Finds the resources inside an object and judges what every resource has (apiextensions' {@code schema/objectmeta}). */
final class EmbeddedResources {
    /** Metadata needs no name here, but the rules for all metadata want one. */
    private static final String ANY_NAME = "fakename";

    private final List<EmbeddedResource> found = new ArrayList<>();

    private EmbeddedResources() {}

    /**
     * Those at or below a place.
     *
     * @param path of the place, empty for the object itself
     */
    static List<EmbeddedResource> in(JsonNode value, Structural schema, String path) {
        EmbeddedResources resources = new EmbeddedResources();
        resources.find(value, schema, path);
        return resources.found;
    }

    private void find(JsonNode value, Structural schema, String path) {
        switch (value) {
            case ObjectNode object -> {
                if (schema.embedsResource()) {
                    found.add(new EmbeddedResource(path, object));
                }
                object.properties().forEach(entry -> {
                    String name = entry.getKey();
                    schema.property(name)
                            .ifPresentOrElse(
                                    below -> find(entry.getValue(), below, ValueCheck.child(path, name)),
                                    () -> schema.values()
                                            .ifPresent(
                                                    below -> find(entry.getValue(), below, path + "[" + name + "]")));
                });
            }
            case ArrayNode array ->
                schema.items().ifPresent(items -> Tree.items(array, path)
                        .forEach(item -> find(item.value(), items, item.path())));
            default -> {}
        }
    }

    /** What is wrong with the kind, the version and the metadata of a resource. */
    static void check(EmbeddedResource resource, Problems problems) {
        ObjectNode object = resource.object();
        String version = resource.field("apiVersion");
        String kind = resource.field("kind");
        if (given(object.path("apiVersion"), version, problems)) {
            String text = Tree.text(object, "apiVersion");
            if (text.indexOf('/') != text.lastIndexOf('/')) {
                problems.invalid(version, text, "unexpected GroupVersion string: " + text);
            }
        }
        if (given(object.path("kind"), kind, problems)) {
            String text = Tree.text(object, "kind");
            problems.kind(kind, text);
        }
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata(metadata, resource.field("metadata"), problems);
        }
    }

    private static boolean given(JsonNode value, String path, Problems problems) {
        if (value.isMissingNode() || value.isTextual() && value.textValue().isEmpty()) {
            problems.required(path, "");
            return false;
        }
        if (!value.isTextual()) {
            problems.invalid(path, value, EmbeddedResource.NO_TEXT);
        }
        return value.isTextual();
    }

    private static void metadata(ObjectNode metadata, String path, Problems problems) {
        ObjectNode named = metadata.deepCopy();
        Tree.setDefault(named, "name", ANY_NAME);
        ObjectMetaRules rules = new ObjectMetaRules(named, path, problems);
        rules.generateName(NameRule.PATH_SEGMENT);
        rules.name(NameRule.PATH_SEGMENT);
        if (Tree.has(named, "namespace")) {
            problems.named(path + ".namespace", named.path("namespace"), NameRule.DNS_LABEL);
        }
        rules.rest();
    }
}
