package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What may be put together in a projected volume (core/validation's {@code validateProjectionSources}). */
final class ProjectedRules {
    private static final List<String> KINDS =
            List.of("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle");
    private static final long SHORTEST = 600;
    private static final long LONGEST = 1L << 32;

    private ProjectedRules() {}

    static void validate(JsonNode projected, String path, Problems problems) {
        Set<String> files = new HashSet<>();
        Tree.items(projected.path("sources"), path + ".sources").forEach(item -> {
            List<String> given = KINDS.stream()
                    .filter(kind -> item.value().path(kind).isObject())
                    .toList();
            given.stream()
                    .skip(1)
                    .forEach(kind ->
                            problems.forbidden(item.path() + "." + kind, "may not specify more than 1 volume type"));
            for (String kind : given) {
                JsonNode source = item.value().path(kind);
                source(kind, source, item.path() + "." + kind, problems);
                files(source, Tree.text(source, "name"), path, files, problems);
            }
        });
    }

    private static void source(String kind, JsonNode source, String path, Problems problems) {
        switch (kind) {
            case "secret", "configMap" -> {
                problems.requireText(path, source, "name", "");
                VolumeRules.keysToPaths(source, path, problems);
            }
            case "downwardAPI" -> VolumeRules.downwardFiles(source, path, problems);
            case "serviceAccountToken" -> token(source, path, problems);
            default -> problems.requireText(path, source, "path", "");
        }
    }

    private static void token(JsonNode token, String path, Problems problems) {
        if (problems.requireText(path, token, "path", "")) {
            VolumeRules.relativePath(path + ".path", token.path("path"), problems);
        }
        JsonNode seconds = token.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < SHORTEST) {
            problems.invalid(path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        } else if (seconds.asLong(0) > LONGEST) {
            problems.invalid(
                    path + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
    }

    private static void files(JsonNode source, String name, String path, Set<String> files, Problems problems) {
        List<String> made = Tree.has(source, "path")
                ? List.of(Tree.text(source, "path"))
                : Tree.objects(source, "items").stream()
                        .map(item -> Tree.text(item, "path"))
                        .filter(file -> !file.isEmpty())
                        .toList();
        for (String file : made) {
            if (!files.add(file)) {
                problems.invalid(path, name.isEmpty() ? file : name, "conflicting duplicate paths");
            }
        }
    }
}
