package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Volumes that no node here mounts, judged all the same: whoever declares them learns of mistakes at once. */
public final class RemoteVolumeRules {
    private static final int HIGHEST = 255;
    private static final int LONGEST_PORTAL = 64;
    private static final int LONGEST_TENANT = 64;
    private static final String TOO_LONG_PORTAL =
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is"
                    + " specified.";
    private static final Map<String, Pattern> ISCSI_NAMES = Map.of(
            "iqn", Pattern.compile(".*iqn\\.\\d{4}-\\d{2}\\.([a-zA-Z0-9-.]+)(:[^,;*&$|\\s]+)"),
            "eui", Pattern.compile("eui.[a-zA-Z0-9]{16}"),
            "naa", Pattern.compile("naa.[a-zA-Z0-9]{32}"));
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*):[^:\\[\\]]*");
    private static final String REGISTRIES = "must be a host:port pair or multiple pairs separated by commas";
    private static final List<String> CACHING_MODES = List.of("None", "ReadOnly", "ReadWrite");
    private static final List<String> DISK_KINDS = List.of("Dedicated", "Managed", "Shared");

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
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("storageos", List.of("volumeName")),
            Map.entry("vsphereVolume", List.of("volumePath")));

    private RemoteVolumeRules() {}

    /** @param volume the volume of a pod */
    static void validate(String kind, JsonNode source, Tree.Item volume, Problems problems) {
        inAnyVolume(kind, source, place(volume.path(), kind), problems);
        boolean iscsi = kind.equals("iscsi") && source.path("initiatorName").isTextual();
        String name = Tree.text(volume.value(), "name");
        if (iscsi && tooLongPortal(name, source)) {
            problems.invalid(volume.path() + ".name", name, TOO_LONG_PORTAL);
        }
        if (kind.equals("iscsi")) {
            iscsi(source, volume.path() + ".iscsi", "must be valid format starting with iqn, eui, or naa", problems);
        }
    }

    /** The same of a PersistentVolume, which belongs to no namespace, so that references name one. */
    public static void validatePersistent(
            String kind, JsonNode source, String path, String volumeName, Problems problems) {
        String at = place(path, kind);
        inAnyVolume(kind, source, at, problems);
        JsonNode secret = source.path("secretRef");
        switch (kind) {
            case "iscsi" -> {
                if (source.path("initiatorName").isTextual() && tooLongPortal(volumeName, source)) {
                    problems.invalid(at + ".targetportal", source.path("targetPortal"), TOO_LONG_PORTAL);
                }
                iscsi(source, at, "must be valid format", problems);
                named(secret, at, problems);
            }
            case "cinder", "storageos" -> {
                if (secret.isObject()) {
                    problems.requireText(at + ".secretRef", secret, "namespace", "");
                }
            }
            case "azureFile" -> {
                if (source.has("secretNamespace")) {
                    problems.requireText(at, source, "secretNamespace", "");
                }
            }
            case "glusterfs" -> endpointsNamespace(source.path("endpointsNamespace"), at, problems);
            default -> {
                // There is no reference in it.
            }
        }
    }

    private static String place(String path, String kind) {
        return path + "." + (kind.equals("gcePersistentDisk") ? "persistentDisk" : kind);
    }

    private static void inAnyVolume(String kind, JsonNode source, String path, Problems problems) {
        REQUIRED.getOrDefault(kind, List.of()).forEach(field -> problems.requireText(path, source, field, ""));
        switch (kind) {
            case "awsElasticBlockStore", "gcePersistentDisk" ->
                upTo255(source.path("partition"), path + ".partition", 1, problems);
            case "azureDisk" -> azureDisk(source, path, problems);
            case "cephfs" -> monitors(source, path, problems);
            case "cinder" -> named(source.path("secretRef"), path, problems);
            case "fc" -> fibreChannel(source, path, problems);
            case "flexVolume" -> options(source.path("options"), path + ".options", problems);
            case "flocker" -> dataset(source, path, problems);
            case "gitRepo" -> VolumeRules.relativePath(path + ".directory", source.path("directory"), problems);
            case "quobyte" -> quobyte(source, path, problems);
            case "rbd" -> {
                monitors(source, path, problems);
                problems.requireText(path, source, "image", "");
            }
            case "storageos" -> {
                problems.named(path + ".volumeName", source.path("volumeName"), NameRule.DNS_LABEL);
                problems.named(path + ".volumeNamespace", source.path("volumeNamespace"), NameRule.DNS_LABEL);
                named(source.path("secretRef"), path, problems);
            }
            default -> {
                // What it must say is all there is to judge.
            }
        }
    }

    /** @param lowest what is said of it, where zero is taken for not set */
    private static void upTo255(JsonNode number, String path, int lowest, Problems problems) {
        if (number.isNumber() && (number.asLong() < 0 || number.asLong() > HIGHEST)) {
            problems.invalid(path, number, "must be between %d and 255, inclusive".formatted(lowest));
        }
    }

    private static void monitors(JsonNode source, String path, Problems problems) {
        if (source.path("monitors").isEmpty()) {
            problems.required(path + ".monitors", "");
        }
    }

    private static void named(JsonNode secret, String path, Problems problems) {
        if (secret.isObject()) {
            problems.requireText(path + ".secretRef", secret, "name", "");
        }
    }

    private static void endpointsNamespace(JsonNode namespace, String path, Problems problems) {
        String field = path + ".endpointsNamespace";
        if (namespace.isTextual() && namespace.textValue().isEmpty()) {
            problems.invalid(field, "", "if the endpointnamespace is set, it must be a valid namespace name");
        }
        problems.named(field, namespace, NameRule.DNS_LABEL);
    }

    private static boolean tooLongPortal(String volume, JsonNode source) {
        return volume.length() + 1 + Tree.text(source, "targetPortal").length() > LONGEST_PORTAL;
    }

    /** @param unknown what is said of a name that begins like none */
    private static void iscsi(JsonNode source, String path, String unknown, Problems problems) {
        if (Tree.has(source, "iqn")) {
            iscsiName(Tree.text(source, "iqn"), path + ".iqn", unknown, problems);
        }
        upTo255(source.path("lun"), path + ".lun", 0, problems);
        boolean authenticated = Tree.isTrue(source, "chapAuthDiscovery") || Tree.isTrue(source, "chapAuthSession");
        if (authenticated && !source.path("secretRef").isObject()) {
            problems.required(path + ".secretRef", "");
        }
        if (source.path("initiatorName").isTextual()) {
            iscsiName(Tree.text(source, "initiatorName"), path + ".initiatorname", unknown, problems);
        }
    }

    private static void iscsiName(String name, String path, String unknown, Problems problems) {
        Pattern pattern = ISCSI_NAMES.get(name.substring(0, Math.min(3, name.length())));
        if (pattern == null) {
            problems.invalid(path, name, unknown);
        } else if (!pattern.matcher(name).matches()) {
            problems.invalid(path, name, "must be valid format");
        }
    }

    private static void fibreChannel(JsonNode source, String path, Problems problems) {
        boolean names = !source.path("targetWWNs").isEmpty();
        boolean ids = !source.path("wwids").isEmpty();
        if (!names && !ids) {
            problems.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        }
        if (names && ids) {
            problems.invalidShown(
                    path + ".targetWWNs",
                    GoSyntax.list(source.path("targetWWNs")),
                    "targetWWNs and wwids can not be specified simultaneously");
        }
        if (names && !source.path("lun").isNumber()) {
            problems.required(path + ".lun", "lun is required if targetWWNs is specified");
        } else if (names) {
            upTo255(source.path("lun"), path + ".lun", 0, problems);
        }
    }

    private static void dataset(JsonNode source, String path, Problems problems) {
        boolean name = Tree.has(source, "datasetName");
        boolean uuid = Tree.has(source, "datasetUUID");
        if (!name && !uuid) {
            problems.required(path, "one of datasetName and datasetUUID is required");
        }
        if (name && uuid) {
            problems.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (Tree.text(source, "datasetName").contains("/")) {
            problems.invalid(path + ".datasetName", source.path("datasetName"), "must not contain '/'");
        }
    }

    private static void quobyte(JsonNode source, String path, Problems problems) {
        if (!Tree.has(source, "registry")) {
            problems.required(path + ".registry", REGISTRIES);
        } else if (Tree.text(source, "tenant").length() > LONGEST_TENANT) {
            problems.required(path + ".tenant", "must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (String pair : Tree.text(source, "registry").split(",", -1)) {
                if (!HOST_AND_PORT.matcher(pair).matches()) {
                    problems.invalid(path + ".registry", source.path("registry"), REGISTRIES);
                }
            }
        }
        problems.requireText(path, source, "volume", "");
    }

    private static void options(JsonNode options, String path, Problems problems) {
        options.properties().forEach(option -> {
            int slash = option.getKey().indexOf('/');
            String namespace = slash < 0 ? option.getKey() : option.getKey().substring(0, slash);
            String normal = "." + namespace.toLowerCase(Locale.ROOT);
            if (normal.endsWith(".kubernetes.io") || normal.endsWith(".k8s.io")) {
                problems.invalid(
                        "%s[%s]".formatted(path, option.getKey()),
                        option.getKey(),
                        "kubernetes.io and k8s.io namespaces are reserved");
            }
        });
    }

    private static void azureDisk(JsonNode source, String path, Problems problems) {
        problems.oneOf(path + ".cachingMode", source.path("cachingMode"), CACHING_MODES);
        problems.oneOf(path + ".kind", source.path("kind"), DISK_KINDS);
        String kind = Tree.text(source, "kind");
        String uri = Tree.text(source, "diskURI");
        if (kind.equals("Managed") && !uri.startsWith("/subscriptions/")) {
            problems.notSupported(
                    path + ".diskURI",
                    source.path("diskURI"),
                    List.of(
                            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"));
        } else if (!kind.isEmpty() && !kind.equals("Managed") && !uri.startsWith("https://")) {
            problems.notSupported(
                    path + ".diskURI",
                    source.path("diskURI"),
                    List.of("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"));
        }
    }
}
