package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.pod.ClaimSpecRules;
import dev.keelson.apiserver.registry.pod.NodeSelectorRules;
import dev.keelson.apiserver.registry.pod.RemoteVolumeRules;
import dev.keelson.apiserver.registry.pod.VolumeRules;
import dev.keelson.apiserver.registry.pod.VolumeSources;
import dev.keelson.apiserver.registry.rules.CsiNames;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/** What a valid PersistentVolume is; where its data lies never changes. */
final class PersistentVolumeRules {
    private static final List<String> RECLAIM_POLICIES = List.of("Delete", "Recycle", "Retain");

    /** The first of them that a volume has is what it is; any other is one too many. */
    private static final List<String> KINDS = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "flocker",
            "nfs",
            "rbd",
            "quobyte",
            "cephfs",
            "iscsi",
            "cinder",
            "fc",
            "flexVolume",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "scaleIO",
            "local",
            "storageos",
            "csi");

    private static final List<String> SECRETS = List.of(
            "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef");

    /** Labels of nodes by what they were called before. */
    private static final Map<String, String> STABLE_LABELS = Map.of(
            "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
            "beta.kubernetes.io/os", "kubernetes.io/os",
            "beta.kubernetes.io/arch", "kubernetes.io/arch",
            "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");

    private PersistentVolumeRules() {}

    static void validate(ObjectNode volume, Problems problems) {
        JsonNode spec = volume.path("spec");
        ClaimSpecRules.modes(spec, "spec", "", problems);
        capacity(spec.path("capacity"), problems);
        problems.oneOf(
                "spec.persistentVolumeReclaimPolicy", spec.path("persistentVolumeReclaimPolicy"), RECLAIM_POLICIES);
        problems.named("spec.storageClassName", spec.path("storageClassName"), NameRule.DNS_SUBDOMAIN);
        JsonNode nodes = Tree.at(spec, "nodeAffinity", "required");
        if (nodes.isObject()) {
            NodeSelectorRules.selector(nodes, "spec.nodeAffinity.required", problems);
        } else if (spec.path("nodeAffinity").isObject()) {
            problems.required("spec.nodeAffinity.required", "must specify required node constraints");
        }
        source(spec, Tree.text(volume, "metadata", "name"), problems);
        problems.oneOf("spec.volumeMode", spec.path("volumeMode"), ClaimSpecRules.VOLUME_MODES);
        attributes(spec, problems);
    }

    private static void attributes(JsonNode spec, Problems problems) {
        JsonNode name = spec.path("volumeAttributesClassName");
        if (!name.isTextual()) {
            return;
        }
        if (problems.requireText("spec", spec, "volumeAttributesClassName", "an empty string is disallowed")) {
            problems.named("spec.volumeAttributesClassName", name, NameRule.DNS_SUBDOMAIN);
        }
        if (!spec.path("csi").isObject()) {
            problems.required("spec.csi", "has to be specified when using volumeAttributesClassName");
        }
    }

    private static void capacity(JsonNode capacity, Problems problems) {
        if (capacity.isEmpty()) {
            problems.required("spec.capacity", "");
        }
        if (!capacity.has("storage") || capacity.size() > 1) {
            problems.notSupported(
                    "spec.capacity",
                    capacity.isObject() ? capacity : JsonNodeFactory.instance.objectNode(),
                    List.of("storage"));
        }
        capacity.properties().forEach(entry -> Quantity.parse(entry.getValue())
                .filter(amount -> amount.signum() <= 0)
                .ifPresent(amount -> problems.invalid(
                        "spec.capacity[%s]".formatted(entry.getKey()), entry.getValue(), "must be greater than zero")));
    }

    private static void source(JsonNode spec, String name, Problems problems) {
        VolumeSources.only(spec, KINDS, "spec", problems).ifPresent(kind -> source(kind, spec, name, problems));
        boolean recycled = Tree.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle");
        if (recycled && Tree.text(spec, "hostPath", "path").matches("/+")) {
            problems.forbidden(
                    "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void source(String kind, JsonNode spec, String name, Problems problems) {
        JsonNode source = spec.path(kind);
        String path = "spec." + kind;
        switch (kind) {
            case "hostPath" -> VolumeRules.hostPath(source, path, problems);
            case "nfs" -> VolumeRules.nfs(source, path, problems);
            case "local" -> {
                if (problems.requireText(path, source, "path", "")) {
                    VolumeRules.noBackSteps(path + ".path", source.path("path"), problems);
                }
                if (!spec.path("nodeAffinity").isObject()) {
                    problems.required("spec.nodeAffinity", "Local volume requires node affinity");
                }
            }
            case "csi" -> csi(source, path, problems);
            default -> RemoteVolumeRules.validatePersistent(kind, source, "spec", name, problems);
        }
    }

    private static void csi(JsonNode source, String path, Problems problems) {
        CsiNames.driver(Tree.text(source, "driver"), path + ".driver", problems);
        problems.requireText(path, source, "volumeHandle", "");
        for (String field : SECRETS) {
            JsonNode secret = source.path(field);
            if (!secret.isObject()) {
                continue;
            }
            if (problems.requireText(path + "." + field, secret, "name", "")) {
                problems.named(path + "." + field + ".name", secret.path("name"), NameRule.DNS_SUBDOMAIN);
            }
            if (problems.requireText(path + "." + field, secret, "namespace", "")) {
                problems.named(path + "." + field + ".namespace", secret.path("namespace"), NameRule.DNS_LABEL);
            }
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode after = updated.path("spec");
        JsonNode before = old.path("spec");
        if (KINDS.stream().anyMatch(kind -> !Tree.same(source(after, before, kind), before.path(kind)))) {
            problems.forbidden(
                    "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        }
        problems.immutable("volumeMode", after.path("volumeMode"), before.path("volumeMode"));
        if (before.path("nodeAffinity").isObject()
                && !Tree.same(after.path("nodeAffinity"), withStableLabels(before.path("nodeAffinity"), after))) {
            problems.invalid(
                    "nodeAffinity",
                    after.path("nodeAffinity"),
                    "field is immutable, except for updating from beta label to GA");
        }
        if (before.path("volumeAttributesClassName").isTextual()
                && !after.path("volumeAttributesClassName").isTextual()) {
            problems.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }
    }

    /** A source as it counts: the secret by which a driver expands a volume may be said later. */
    private static JsonNode source(JsonNode after, JsonNode before, String kind) {
        boolean added = kind.equals("csi")
                && after.path(kind).isObject()
                && before.path(kind).isObject()
                && !before.path(kind).has("controllerExpandSecretRef");
        return added ? after.path(kind).<ObjectNode>deepCopy().without("controllerExpandSecretRef") : after.path(kind);
    }

    /** The nodes as they were, with those keys of today that the update has in the place of older ones. */
    private static JsonNode withStableLabels(JsonNode nodes, JsonNode after) {
        ObjectNode kept = nodes.deepCopy();
        Tree.items(Tree.at(kept, "required", "nodeSelectorTerms"), "")
                .forEach(term -> Tree.items(term.value().path("matchExpressions"), "")
                        .forEach(expression -> {
                            String key = Tree.text(expression.value(), "key");
                            String pointer = "/nodeAffinity/required/nodeSelectorTerms/%s/matchExpressions/%s/key"
                                    .formatted(index(term.path()), index(expression.path()));
                            if (after.at(pointer).asText("").equals(STABLE_LABELS.get(key))) {
                                ((ObjectNode) expression.value()).put("key", STABLE_LABELS.get(key));
                            }
                        }));
        return kept;
    }

    private static String index(String path) {
        return path.substring(1, path.length() - 1);
    }
}
