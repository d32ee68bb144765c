package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
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
        Files files = new Files(path, new HashSet<>(), problems);
        Tree.items(projected.path("sources"), path + ".sources").forEach(item -> {
            List<String> given = KINDS.stream()
                    .filter(kind -> item.value().path(kind).isObject())
                    .toList();
            given.forEach(
                    kind -> source(kind, item.value().path(kind), item.path() + "." + kind, path, files, problems));
            if (given.size() > 1) {
                problems.forbidden(item.path(), "may not specify more than 1 volume type per source");
            }
        });
    }

    /** The files that the sources make together. */
    private record Files(String path, Set<String> taken, Problems problems) {
        void add(String file, String shown) {
            if (!file.isEmpty() && !taken.add(file)) {
                problems.invalid(path, shown, "conflicting duplicate paths");
            }
        }
    }

    private static void source(
            String kind, JsonNode source, String path, String volume, Files files, Problems problems) {
        switch (kind) {
            case "secret", "configMap" -> {
                problems.requireText(path, source, "name", "");
                VolumeRules.keysToPaths(source, path, problems);
                source.path("items").forEach(file -> files.add(Tree.text(file, "path"), Tree.text(source, "name")));
            }
            case "downwardAPI" -> {
                VolumeRules.downwardFiles(source, path, problems);
                source.path("items").forEach(file -> files.add(Tree.text(file, "path"), Tree.text(file, "path")));
            }
            case "serviceAccountToken" -> token(source, path, volume, problems);
            default -> {
                trustBundle(source, path, problems);
                files.add(Tree.text(source, "path"), Tree.text(source, "path"));
            }
        }
    }

    /** @param volume where Kubernetes says what is wrong with the path */
    private static void token(JsonNode token, String path, String volume, Problems problems) {
        JsonNode seconds = token.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < SHORTEST) {
            problems.invalid(path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        } else if (seconds.asLong(0) > LONGEST) {
            problems.invalid(
                    path + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
        if (problems.requireText(volume, token, "path", "")) {
            VolumeRules.filePath(volume + ".path", token.path("path"), problems);
        }
    }

    private static void trustBundle(JsonNode bundle, String path, Problems problems) {
        boolean name = bundle.path("name").isTextual();
        boolean signer = bundle.path("signerName").isTextual();
        JsonNode selector = bundle.path("labelSelector");
        if (name && signer) {
            problems.invalid(path, bundle, "only one of name and signerName may be used");
        } else if (name) {
            problems.requireText(path, bundle, "name", "must be a valid object name");
            if (selector.isObject()) {
                problems.invalidShown(
                        path + ".labelSelector",
                        GoSyntax.labelSelector(selector),
                        "labelSelector must be unset if name is specified");
            }
        } else if (signer) {
            problems.requireText(path, bundle, "signerName", "must be a valid signer name");
            LabelRules.selector(selector, path + ".labelSelector", problems);
        } else {
            problems.required(path, "either name or signerName must be specified");
        }
        problems.requireText(path, bundle, "path", "");
        VolumeRules.filePath(path + ".path", bundle.path("path"), problems);
    }
}
