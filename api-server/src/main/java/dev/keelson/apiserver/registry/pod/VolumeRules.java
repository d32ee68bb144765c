package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What valid volumes are. */
public final class VolumeRules {
    private static final int HIGHEST_MODE = 0777;
    private static final List<String> HOST_PATH_TYPES =
            List.of("BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    private VolumeRules() {}

    static void validate(JsonNode volumes, String path, Problems problems) {
        Set<String> names = new HashSet<>();
        Tree.items(volumes, path).forEach(item -> {
            JsonNode volume = item.value();
            if (problems.requireText(item.path(), volume, "name", "")) {
                problems.named(item.path() + ".name", volume.path("name"), NameRule.DNS_LABEL);
                if (!names.add(Tree.text(volume, "name"))) {
                    problems.duplicate(item.path() + ".name", volume.path("name"));
                }
            }
            source(volume, item.path(), problems);
        });
    }

    private static void source(JsonNode volume, String path, Problems problems) {
        List<String> sources = volume.properties().stream()
                .filter(field -> field.getValue().isObject())
                .map(Map.Entry::getKey)
                .toList();
        if (sources.isEmpty()) {
            problems.required(path, "must specify a volume type");
        }
        sources.stream()
                .skip(1)
                .forEach(extra -> problems.forbidden(path + "." + extra, "may not specify more than 1 volume type"));
        for (String kind : sources) {
            JsonNode source = volume.path(kind);
            String at = path + "." + kind;
            switch (kind) {
                case "hostPath" -> hostPath(source, at, problems);
                case "secret" -> files(source, at, "secretName", problems);
                case "configMap" -> files(source, at, "name", problems);
                case "downwardAPI" -> {
                    mode(source, at, problems);
                    downwardFiles(source, at, problems);
                }
                case "projected" -> {
                    mode(source, at, problems);
                    ProjectedRules.validate(source, at, problems);
                }
                case "persistentVolumeClaim" -> problems.requireText(at, source, "claimName", "");
                case "emptyDir" -> sizeLimit(source, at, problems);
                case "nfs" -> nfs(source, at, problems);
                case "csi" -> {
                    problems.requireText(at, source, "driver", "");
                    if (source.path("nodePublishSecretRef").isObject()) {
                        problems.requireText(
                                at + ".nodePublishSecretRef", source.path("nodePublishSecretRef"), "name", "");
                    }
                }
                case "ephemeral" -> {
                    JsonNode template = source.path("volumeClaimTemplate");
                    if (template.isObject()) {
                        ClaimSpecRules.validateTemplate(template, at + ".volumeClaimTemplate", problems);
                    } else {
                        problems.required(at + ".volumeClaimTemplate", "");
                    }
                }
                case "image" -> {
                    problems.requireText(at, source, "reference", "");
                    problems.oneOf(at + ".pullPolicy", source.path("pullPolicy"), ContainerRules.PULL_POLICIES);
                }
                default -> RemoteVolumeRules.validate(kind, source, at, problems);
            }
        }
    }

    private static void hostPath(JsonNode source, String path, Problems problems) {
        if (problems.requireText(path, source, "path", "")) {
            noBackSteps(path + ".path", source.path("path"), problems);
        }
        problems.oneOf(path + ".type", source.path("type"), HOST_PATH_TYPES);
    }

    private static void files(JsonNode source, String path, String nameField, Problems problems) {
        problems.requireText(path, source, nameField, "");
        mode(source, path, problems);
        keysToPaths(source, path, problems);
    }

    /** An export of a file server, in pods and in volumes of the cluster. */
    public static void nfs(JsonNode source, String path, Problems problems) {
        problems.requireText(path, source, "server", "");
        if (problems.requireText(path, source, "path", "")
                && !Tree.text(source, "path").startsWith("/")) {
            problems.invalid(path + ".path", source.path("path"), "must be an absolute path");
        }
    }

    static void keysToPaths(JsonNode source, String path, Problems problems) {
        Tree.items(source.path("items"), path + ".items").forEach(item -> {
            problems.requireText(item.path(), item.value(), "key", "");
            if (problems.requireText(item.path(), item.value(), "path", "")) {
                relativePath(item.path() + ".path", item.value().path("path"), problems);
            }
            fileMode(item.path() + ".mode", item.value().path("mode"), problems);
        });
    }

    static void downwardFiles(JsonNode source, String path, Problems problems) {
        Tree.items(source.path("items"), path + ".items").forEach(item -> {
            JsonNode file = item.value();
            if (problems.requireText(item.path(), file, "path", "")) {
                relativePath(item.path() + ".path", file.path("path"), problems);
            }
            boolean field = file.path("fieldRef").isObject();
            boolean resource = file.path("resourceFieldRef").isObject();
            if (field && resource) {
                problems.invalid(
                        item.path(), "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            } else if (field) {
                FieldSources.file(file.path("fieldRef"), item.path() + ".fieldRef", problems);
            } else if (resource) {
                FieldSources.resource(file.path("resourceFieldRef"), true, item.path() + ".resourceFieldRef", problems);
            } else {
                problems.required(item.path(), "one of fieldRef and resourceFieldRef is required");
            }
            fileMode(item.path() + ".mode", file.path("mode"), problems);
        });
    }

    private static void mode(JsonNode source, String path, Problems problems) {
        fileMode(path + ".defaultMode", source.path("defaultMode"), problems);
    }

    private static void fileMode(String path, JsonNode mode, Problems problems) {
        if (mode.isNumber() && (mode.asLong() < 0 || mode.asLong() > HIGHEST_MODE)) {
            problems.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void sizeLimit(JsonNode source, String path, Problems problems) {
        Quantity.parse(source.path("sizeLimit"))
                .filter(limit -> limit.signum() < 0)
                .ifPresent(limit ->
                        problems.forbidden(path + ".sizeLimit", "SizeLimit field must be a valid resource quantity"));
    }

    /** A path that stays below where it starts; absent is not judged. */
    static void relativePath(String path, JsonNode value, Problems problems) {
        if (value.asText("").startsWith("/")) {
            problems.invalid(path, value, "must be a relative path");
        }
        noBackSteps(path, value, problems);
    }

    private static void noBackSteps(String path, JsonNode value, Problems problems) {
        if (List.of(value.asText("").split("/", -1)).contains("..")) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }
}
