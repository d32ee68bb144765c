package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.ScalePaths;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the declarations of the kinds that an established CustomResourceDefinition asks for: one a served version. */
final class CustomDefinitions {
    private final Function<JsonNode, Converter> converters;

    /** @param converters the converter for a definition's {@code spec.conversion} */
    CustomDefinitions(Function<JsonNode, Converter> converters) {
        this.converters = converters;
    }

    /** @param schemas the schemas of the same generation that exist already, by version; missing ones are added */
    List<ResourceDefinition> of(CachedObject crd, Map<String, LazySchema> schemas) {
        ObjectNode tree = crd.tree();
        JsonNode spec = tree.path("spec");
        List<ObjectNode> versions = Tree.objects(spec, "versions");
        String storage = versions.stream()
                .filter(version -> Tree.isTrue(version, "storage"))
                .map(version -> Tree.text(version, "name"))
                .findFirst()
                .orElseThrow();
        versions.forEach(version ->
                schemas.computeIfAbsent(Tree.text(version, "name").intern(), name -> new LazySchema(crd, name)));
        Converter converter = converters.apply(spec.path("conversion"));
        List<ResourceDefinition> served = new ArrayList<>();
        for (ObjectNode version : versions) {
            if (Tree.isTrue(version, "served")) {
                served.add(definition(tree, version, storage, schemas, converter));
            }
        }
        return served;
    }

    private static ResourceDefinition definition(
            ObjectNode crd, ObjectNode version, String storage, Map<String, LazySchema> schemas, Converter converter) {
        JsonNode names = crd.path("status").path("acceptedNames");
        String group = Tree.text(crd, "spec", "group").intern();
        String name = Tree.text(version, "name").intern();
        String kind = Tree.text(names, "kind").intern();
        String plural = Tree.text(names, "plural").intern();
        JsonNode parts = version.path("subresources");
        Set<Subresource> subresources = EnumSet.noneOf(Subresource.class);
        if (parts.path("status").isObject()) {
            subresources.add(Subresource.STATUS);
        }
        if (parts.path("scale").isObject()) {
            subresources.add(Subresource.SCALE);
        }
        CustomVersion custom = new CustomVersion(
                group,
                name,
                kind,
                plural,
                storage,
                Set.copyOf(Tree.texts(crd, "status", "storedVersions")),
                parts.path("status").isObject(),
                Meta.deleting(crd),
                scale(parts.path("scale")),
                Meta.uid(crd) + "/" + crd.path("metadata").path("generation").asText(),
                schemas.get(name),
                schemas.get(storage),
                converter);
        return new ResourceDefinition(
                group,
                name,
                kind,
                plural,
                Tree.text(names, "singular"),
                Tree.texts(names, "shortNames"),
                Tree.texts(names, "categories"),
                Tree.text(crd, "spec", "scope").equals("Namespaced"),
                subresources,
                new CustomStrategy(custom),
                CustomColumns.of(version),
                selectable(version));
    }

    private static ScalePaths scale(JsonNode scale) {
        return new ScalePaths(
                fields(Tree.text(scale, "specReplicasPath")),
                fields(Tree.text(scale, "statusReplicasPath")),
                fields(Tree.text(scale, "labelSelectorPath")));
    }

    private static List<String> fields(String path) {
        return path.isEmpty() ? List.of() : List.of(path.substring(1).split("\\."));
    }

    private static Set<String> selectable(ObjectNode version) {
        return Tree.objects(version, "selectableFields").stream()
                .map(field -> Tree.text(field, "jsonPath").replaceFirst("^\\.", ""))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Map<String, LazySchema> noSchemas() {
        return new HashMap<>();
    }
}
