package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Volumes that no node here mounts, judged all the same: whoever declares them learns of mistakes at once. */
final class RemoteVolumeRules {
    private static final int HIGHEST = 255;
    private static final Pattern ISCSI_NAME = Pattern.compile(
            "iqn\\.\\d{4}-\\d{2}\\.([a-zA-Z0-9-.]+)(:[^,;*&$|\\s]+)?|eui\\.[a-fA-F0-9]{16}|naa\\.[a-fA-F0-9]{16,32}");

    /** What each of them must say. */
    private static final Map<String, List<String>> REQUIRED = Map.ofEntries(
            Map.entry("awsElasticBlockStore", List.of("volumeID")),
            Map.entry("azureDisk", List.of("diskName", "diskURI")),
            Map.entry("azureFile", List.of("secretName", "shareName")),
            Map.entry("cinder", List.of("volumeID")),
            Map.entry("flexVolume", List.of("driver")),
            Map.entry("gcePersistentDisk", List.of("pdName")),
            Map.entry("gitRepo", List.of("repository")),
            Map.entry("glusterfs", List.of("endpoints", "path")),
            Map.entry("iscsi", List.of("targetPortal", "iqn")),
            Map.entry("photonPersistentDisk", List.of("pdID")),
            Map.entry("portworxVolume", List.of("volumeID")),
            Map.entry("quobyte", List.of("registry", "volume")),
            Map.entry("rbd", List.of("image")),
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("storageos", List.of("volumeName")),
            Map.entry("vsphereVolume", List.of("volumePath")));

    private RemoteVolumeRules() {}

    static void validate(String kind, JsonNode source, String path, Problems problems) {
        REQUIRED.getOrDefault(kind, List.of()).forEach(field -> problems.requireText(path, source, field, ""));
        switch (kind) {
            case "awsElasticBlockStore", "gcePersistentDisk" ->
                upTo255(source.path("partition"), path + ".partition", problems);
            case "cephfs", "rbd" -> monitors(source, path, problems);
            case "fc" -> fibreChannel(source, path, problems);
            case "flocker" -> dataset(source, path, problems);
            case "iscsi" -> iscsi(source, path, problems);
            default -> {
                // What it must say is all there is to judge.
            }
        }
    }

    private static void upTo255(JsonNode number, String path, Problems problems) {
        if (number.isNumber() && (number.asLong() < 0 || number.asLong() > HIGHEST)) {
            problems.invalid(path, number, "must be between 0 and 255, inclusive");
        }
    }

    private static void monitors(JsonNode source, String path, Problems problems) {
        if (source.path("monitors").isEmpty()) {
            problems.required(path + ".monitors", "");
        }
    }

    private static void iscsi(JsonNode source, String path, Problems problems) {
        for (String name : List.of("iqn", "initiatorName")) {
            String text = Tree.text(source, name);
            if (!text.isEmpty() && !ISCSI_NAME.matcher(text).matches()) {
                problems.invalid(path + "." + name, text, "must be valid format");
            }
        }
        upTo255(source.path("lun"), path + ".lun", problems);
        boolean authenticated = Tree.isTrue(source, "chapAuthDiscovery") || Tree.isTrue(source, "chapAuthSession");
        if (authenticated && !source.path("secretRef").isObject()) {
            problems.required(path + ".secretRef", "");
        }
    }

    private static void fibreChannel(JsonNode source, String path, Problems problems) {
        boolean names = !source.path("targetWWNs").isEmpty();
        boolean ids = !source.path("wwids").isEmpty();
        if (!names && !ids) {
            problems.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        } else if (names && ids) {
            problems.invalid(
                    path + ".targetWWNs",
                    source.path("targetWWNs"),
                    "targetWWNs and wwids can not be specified simultaneously");
        } else if (names && !source.path("lun").isNumber()) {
            problems.required(path + ".lun", "lun is required if targetWWNs is specified");
        }
        upTo255(source.path("lun"), path + ".lun", problems);
    }

    private static void dataset(JsonNode source, String path, Problems problems) {
        boolean name = Tree.has(source, "datasetName");
        boolean uuid = Tree.has(source, "datasetUUID");
        if (name == uuid) {
            problems.invalid(
                    path,
                    "resource",
                    name
                            ? "datasetName and datasetUUID can not be specified simultaneously"
                            : "one of datasetName and datasetUUID is required");
        }
        if (Tree.text(source, "datasetName").contains("/")) {
            problems.invalid(path + ".datasetName", source.path("datasetName"), "must not contain '/'");
        }
    }
}
