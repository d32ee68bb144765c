package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** The declaration of ConfigMaps. */
final class ConfigMapKind {
    private ConfigMapKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.none().checking(ConfigMapKind::check).checkingChange(ConfigMapKind::checkChange);
        return new ResourceDefinition(
                "",
                "v1",
                "ConfigMap",
                "configmaps",
                "configmap",
                List.of("cm"),
                List.of(),
                true,
                Set.of(),
                rules,
                List.of(
                        Columns.number(
                                "Data",
                                "Number of entries.",
                                map -> Columns.size(map.path("data")) + Columns.size(map.path("binaryData"))),
                        Columns.age()),
                Set.of());
    }

    private static void check(ObjectNode map, Problems problems) {
        long size = DataRules.textEntries(map.path("data"), "data", problems)
                + DataRules.binaryEntries(map.path("binaryData"), "binaryData", problems);
        map.path("data").fieldNames().forEachRemaining(key -> {
            if (map.path("binaryData").has(key)) {
                problems.invalid("data[" + key + "]", key, "duplicate of key present in binaryData");
            }
        });
        DataRules.totalSize(size, "[]", problems);
    }

    private static void checkChange(ObjectNode updated, ObjectNode old, Problems problems) {
        if (Tree.isTrue(old, "immutable")) {
            DataRules.immutable(updated, old, List.of("data", "binaryData"), problems);
        }
    }
}
