package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Each container of a pod by itself. */
final class ContainerWarnings {
    static final List<String> COUNTED_IN_BYTES = List.of("memory", "ephemeral-storage");

    private static final List<String> LISTS = List.of("initContainers", "containers", "ephemeralContainers");

    private ContainerWarnings() {}

    static void forEach(JsonNode spec, String path, Consumer<Tree.Item> each) {
        LISTS.forEach(list -> Tree.items(spec.path(list), path + "." + list).forEach(each));
    }

    static void all(JsonNode pod, String at, Warnings warnings) {
        forEach(pod.path("spec"), at + "spec", item -> {
            AnnotationWarnings.container(pod, item.value(), at, warnings);
            for (String resource : COUNTED_IN_BYTES) {
                for (String side : List.of("limits", "requests")) {
                    VolumeWarnings.wholeBytes(
                            Tree.at(item.value(), "resources", side),
                            item.path() + ".resources." + side,
                            List.of(resource),
                            warnings);
                }
            }
            hiddenVariables(item.value().path("env"), item.path() + ".env", warnings);
        });
    }

    /** A variable that is set twice is fine only when the second value is made from the first. */
    private static void hiddenVariables(JsonNode variables, String path, Warnings warnings) {
        Set<String> seen = new HashSet<>();
        Tree.items(variables, path).forEach(item -> {
            String name = Tree.text(item.value(), "name");
            if (seen.add(name)) {
                return;
            }
            String reference = "$(" + name + ")";
            String value = Tree.text(item.value(), "value");
            boolean replaced = item.value().path("valueFrom").isObject();
            if (replaced || value.equals(reference) || !value.contains(reference)) {
                warnings.add(
                        item.path(),
                        "hides previous definition of \"" + name + "\", which may be dropped when using apply");
            }
        });
    }
}
