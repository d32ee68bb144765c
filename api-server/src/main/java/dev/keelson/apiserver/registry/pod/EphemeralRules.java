package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What an ephemeral container cannot have: it is no part of what the pod was promised. */
final class EphemeralRules {
    private static final String WORDS = "cannot be set for an Ephemeral Container";
    private static final List<String> NOT_ALLOWED = List.of(
            "ports",
            "resources",
            "resizePolicy",
            "restartPolicy",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle");

    private EphemeralRules() {}

    static void validate(Tree.Item item, Problems problems) {
        NOT_ALLOWED.stream()
                .filter(field -> isSet(item.value().path(field)))
                .forEach(field -> problems.forbidden(item.path() + "." + field, WORDS));
        Tree.items(item.value().path("volumeMounts"), item.path() + ".volumeMounts")
                .forEach(mount -> {
                    for (String field : List.of("subPath", "subPathExpr")) {
                        if (Tree.has(mount.value(), field)) {
                            problems.forbidden(mount.path() + "." + field, WORDS);
                        }
                    }
                });
    }

    /** The default of resources is an empty object. */
    private static boolean isSet(JsonNode value) {
        return Tree.has(value) && (value.isTextual() || !value.isEmpty());
    }
}
