package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.CsiNames;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What valid volumes are. */
public final class VolumeRules {
    private static final int HIGHEST_MODE = 0777;
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    /** The first of them that a volume has is what it is; any other is one too many. */
    private static final List<String> KINDS = List.of(
            "emptyDir",
            "hostPath",
            "gitRepo",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "secret",
            "nfs",
            "iscsi",
            "glusterfs",
            "flocker",
            "persistentVolumeClaim",
            "rbd",
            "cinder",
            "cephfs",
            "quobyte",
            "downwardAPI",
            "fc",
            "flexVolume",
            "configMap",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "storageos",
            "projected",
            "scaleIO",
            "csi",
            "ephemeral",
            "image");

    private VolumeRules() {}

    /**
     * Answers the sound ones by name.
     *
     * @param pod name of the pod whose volumes they are; empty in a template
     */
    static Map<String, JsonNode> validate(JsonNode volumes, String path, String pod, Problems problems) {
        Map<String, JsonNode> sound = new HashMap<>();
        Set<String> claims = pod.isEmpty() ? Set.of() : claimsOf(volumes, pod);
        Tree.items(volumes, path).forEach(item -> {
            int before = problems.count();
            JsonNode volume = item.value();
            String name = Tree.text(volume, "name");
            source(item, pod, problems);
            if (problems.requireText(item.path(), volume, "name", "")) {
                problems.named(item.path() + ".name", volume.path("name"), NameRule.DNS_LABEL);
            }
            if (sound.containsKey(name)) {
                problems.duplicate(item.path() + ".name", volume.path("name"));
            }
            if (problems.count() == before) {
                sound.put(name, volume);
            }
            String claim = Tree.text(volume, "persistentVolumeClaim", "claimName");
            if (claims.contains(claim)) {
                problems.invalid(
                        item.path() + ".persistentVolumeClaim.claimName",
                        claim,
                        "must not reference a PVC that gets created for an ephemeral volume");
            }
        });
        return sound;
    }

    /** The claims that are made for a pod's own volumes. */
    private static Set<String> claimsOf(JsonNode volumes, String pod) {
        return volumes.valueStream()
                .filter(volume -> volume.path("ephemeral").isObject())
                .map(volume -> pod + "-" + Tree.text(volume, "name"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static void source(Tree.Item volume, String pod, Problems problems) {
        VolumeSources.only(volume.value(), KINDS, volume.path(), problems)
                .ifPresent(kind -> source(kind, volume, pod, problems));
    }

    private static void source(String kind, Tree.Item volume, String pod, Problems problems) {
        JsonNode source = volume.value().path(kind);
        String at = volume.path() + "." + kind;
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
            case "csi" -> csi(source, at, problems);
            case "ephemeral" -> ephemeral(volume, pod, problems);
            case "image" -> {
                if (!pod.isEmpty()) {
                    problems.requireText(at, source, "reference", "");
                }
                problems.oneOf(at + ".pullPolicy", source.path("pullPolicy"), ContainerRules.PULL_POLICIES);
            }
            default -> RemoteVolumeRules.validate(kind, source, volume, problems);
        }
    }

    public static void hostPath(JsonNode source, String path, Problems problems) {
        if (problems.requireText(path, source, "path", "")) {
            noBackSteps(path + ".path", source.path("path"), problems);
            problems.oneOf(path + ".type", source.path("type"), HOST_PATH_TYPES);
        }
    }

    private static void files(JsonNode source, String path, String nameField, Problems problems) {
        problems.requireText(path, source, nameField, "");
        mode(source, path, problems);
        keysToPaths(source, path, problems);
    }

    /** An export of a file server, in pods and in volumes of the cluster. */
    public static void nfs(JsonNode source, String path, Problems problems) {
        problems.requireText(path, source, "server", "");
        problems.requireText(path, source, "path", "");
        String place = Tree.text(source, "path");
        if (!place.startsWith("/")) {
            problems.invalid(path + ".path", place, "must be an absolute path");
        }
    }

    private static void csi(JsonNode source, String path, Problems problems) {
        CsiNames.driver(Tree.text(source, "driver"), path + ".driver", problems);
        JsonNode secret = source.path("nodePublishSecretRef");
        if (secret.isObject() && problems.requireText(path + ".nodePublishSecretRef", secret, "name", "")) {
            problems.named(path + ".name", secret.path("name"), NameRule.DNS_SUBDOMAIN);
        }
    }

    private static void ephemeral(Tree.Item volume, String pod, Problems problems) {
        JsonNode template = volume.value().path("ephemeral").path("volumeClaimTemplate");
        String at = volume.path() + ".ephemeral.volumeClaimTemplate";
        if (template.isObject()) {
            ClaimSpecRules.validateTemplate(template, at, problems);
        } else {
            problems.required(at, "");
        }
        String name = Tree.text(volume.value(), "name");
        if (!pod.isEmpty() && !name.isEmpty()) {
            String claim = pod + "-" + name;
            NameRule.DNS_SUBDOMAIN
                    .problems(claim)
                    .forEach(words -> problems.invalid(
                            volume.path() + ".name", name, "PVC name \"%s\": %s".formatted(claim, words)));
        }
    }

    static void keysToPaths(JsonNode source, String path, Problems problems) {
        Tree.items(source.path("items"), path + ".items").forEach(item -> {
            problems.requireText(item.path(), item.value(), "key", "");
            problems.requireText(item.path(), item.value(), "path", "");
            filePath(item.path() + ".path", item.value().path("path"), problems);
            fileMode(item.path() + ".mode", item.value().path("mode"), problems);
        });
    }

    /** Kubernetes names the source where a field of one of its files is wrong, not the file. */
    static void downwardFiles(JsonNode source, String path, Problems problems) {
        source.path("items").forEach(file -> {
            problems.requireText(path, file, "path", "");
            filePath(path + ".path", file.path("path"), problems);
            boolean field = file.path("fieldRef").isObject();
            boolean resource = file.path("resourceFieldRef").isObject();
            if (field) {
                FieldSources.file(file.path("fieldRef"), path + ".fieldRef", problems);
            }
            if (field && resource) {
                problems.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            } else if (resource) {
                FieldSources.resource(file.path("resourceFieldRef"), true, path + ".resourceFieldRef", problems);
            } else if (!field) {
                problems.required(path, "one of fieldRef and resourceFieldRef is required");
            }
            fileMode(path + ".mode", file.path("mode"), problems);
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

    /** The path of a file in a volume that is written anew as a whole, for which names with two dots are kept. */
    static void filePath(String path, JsonNode value, Problems problems) {
        relativePath(path, value, problems);
        String text = value.asText("");
        if (text.startsWith("..") && !text.startsWith("../")) {
            problems.invalid(path, value, "must not start with '..'");
        }
    }

    public static void noBackSteps(String path, JsonNode value, Problems problems) {
        if (List.of(value.asText("").split("/", -1)).contains("..")) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }
}
