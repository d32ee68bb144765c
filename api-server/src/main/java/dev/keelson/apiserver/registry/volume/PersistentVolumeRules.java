package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.pod.ClaimSpecRules;
import dev.keelson.apiserver.registry.pod.NodeSelectorRules;
import dev.keelson.apiserver.registry.pod.VolumeRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a valid PersistentVolume is; where its data lies never changes. */
final class PersistentVolumeRules {
    private static final List<String> RECLAIM_POLICIES = List.of("Delete", "Recycle", "Retain");

    /** Fields of the spec that are no source of data. */
    private static final Set<String> NO_SOURCES = Set.of(
            "accessModes",
            "capacity",
            "claimRef",
            "mountOptions",
            "nodeAffinity",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "volumeAttributesClassName",
            "volumeMode");

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
        source(spec, problems);
    }

    private static void capacity(JsonNode capacity, Problems problems) {
        if (capacity.isEmpty()) {
            problems.required("spec.capacity", "");
            return;
        }
        if (!capacity.has("storage") || capacity.size() > 1) {
            problems.notSupported("spec.capacity", capacity, List.of("storage"));
        }
        Quantity.parse(capacity.path("storage"))
                .filter(amount -> amount.signum() <= 0)
                .ifPresent(amount -> problems.invalid(
                        "spec.capacity[storage]", capacity.path("storage"), "must be greater than zero"));
    }

    private static void source(JsonNode spec, Problems problems) {
        List<String> sources = sources(spec);
        if (sources.isEmpty()) {
            problems.required("spec", "must specify a volume type");
        }
        sources.stream()
                .skip(1)
                .forEach(extra -> problems.forbidden("spec." + extra, "may not specify more than 1 volume type"));
        JsonNode hostPath = spec.path("hostPath");
        if (hostPath.isObject() && problems.requireText("spec.hostPath", hostPath, "path", "")) {
            noBackSteps("spec.hostPath.path", hostPath.path("path"), problems);
        }
        boolean recycled = Tree.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle");
        if (recycled && Tree.text(hostPath, "path").equals("/")) {
            problems.forbidden(
                    "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
        JsonNode local = spec.path("local");
        if (local.isObject()) {
            if (problems.requireText("spec.local", local, "path", "")) {
                noBackSteps("spec.local.path", local.path("path"), problems);
            }
            if (!Tree.at(spec, "nodeAffinity", "required").isObject()) {
                problems.required("spec.nodeAffinity", "Local volume requires node affinity");
            }
        }
        if (spec.path("nfs").isObject()) {
            VolumeRules.nfs(spec.path("nfs"), "spec.nfs", problems);
        }
        JsonNode csi = spec.path("csi");
        if (csi.isObject()) {
            problems.requireText("spec.csi", csi, "driver", "");
            problems.requireText("spec.csi", csi, "volumeHandle", "");
        }
    }

    private static List<String> sources(JsonNode spec) {
        return spec.properties().stream()
                .filter(field ->
                        !NO_SOURCES.contains(field.getKey()) && field.getValue().isObject())
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    private static void noBackSteps(String path, JsonNode value, Problems problems) {
        if (Arrays.asList(value.asText().split("/")).contains("..")) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode after = updated.path("spec");
        JsonNode before = old.path("spec");
        boolean moved = !sources(after).equals(sources(before))
                || sources(before).stream().anyMatch(field -> !Tree.same(after.path(field), before.path(field)));
        if (moved) {
            problems.forbidden(
                    "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        }
        problems.immutable("spec.volumeMode", after.path("volumeMode"), before.path("volumeMode"));
        if (before.path("nodeAffinity").isObject()) {
            problems.immutable("spec.nodeAffinity", after.path("nodeAffinity"), before.path("nodeAffinity"));
        }
    }
}
