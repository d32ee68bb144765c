package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;

/** Validation of pod specs, in pods and in templates. */
public final class PodSpecRules {
    private PodSpecRules() {}

    public static void validate(JsonNode spec, String path, Problems problems) {
        if (spec.path("containers").isEmpty()) {
            problems.required(path + ".containers", "");
        }
    }
}
