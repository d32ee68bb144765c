package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Volumes of pods, claims and volumes of the cluster (Kubernetes' {@code api/persistentvolume} and its like). */
public final class VolumeWarnings {
    private static final String CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final String CLASS_WORDS = "deprecated since v1.8; use \"storageClassName\" attribute instead";
    private static final String OPTIONS = "volume.beta.kubernetes.io/mount-options";
    private static final String OPTIONS_WORDS = "deprecated since v1.31; use \"mountOptions\" attribute instead";

    private static final Map<String, String> DEPRECATED = Map.of(
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "gitRepo", "deprecated in v1.11",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "flocker", "deprecated in v1.22, non-functional in v1.25+",
            "storageOS", "deprecated in v1.22, non-functional in v1.25+",
            "quobyte", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private VolumeWarnings() {}

    /** Of a PersistentVolume. */
    public static void volume(ObjectNode volume, Optional<ObjectNode> old, Warnings warnings) {
        NodeLabelWarnings.annotations(volume, List.of(CLASS), CLASS_WORDS, warnings);
        NodeLabelWarnings.annotations(volume, List.of(OPTIONS), OPTIONS_WORDS, warnings);
        JsonNode spec = volume.path("spec");
        if (Tree.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle")) {
            warnings.add(
                    "spec.persistentVolumeReclaimPolicy",
                    "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic"
                            + " provisioning.");
        }
        NodeLabelWarnings.terms(
                Tree.at(spec, "nodeAffinity", "required", "nodeSelectorTerms"),
                "spec.nodeAffinity.required.nodeSelectorTerms",
                warnings);
        sources(spec, "spec", warnings);
    }

    /** Of a PersistentVolumeClaim. */
    public static void claim(ObjectNode claim, Optional<ObjectNode> old, Warnings warnings) {
        NodeLabelWarnings.annotations(claim, List.of(CLASS), CLASS_WORDS, warnings);
        claimSpec(claim.path("spec"), "spec", warnings);
    }

    static void claimSpec(JsonNode spec, String path, Warnings warnings) {
        for (String side : List.of("requests", "limits")) {
            wholeBytes(Tree.at(spec, "resources", side), path + ".resources." + side, List.of("storage"), warnings);
        }
    }

    /** Of the volumes of a pod. */
    static void pod(JsonNode volumes, String path, Warnings warnings) {
        Tree.items(volumes, path).forEach(item -> {
            sources(item.value(), item.path(), warnings);
            JsonNode template = Tree.at(item.value(), "ephemeral", "volumeClaimTemplate");
            claimSpec(template.path("spec"), item.path() + ".ephemeral.volumeClaimTemplate.spec", warnings);
        });
        overToken(volumes, path, warnings);
    }

    /** Amounts of memory and disk that are no whole bytes. */
    static void wholeBytes(JsonNode amounts, String path, List<String> resources, Warnings warnings) {
        for (String resource : resources) {
            Quantity.parse(amounts.path(resource))
                    .filter(amount -> amount.stripTrailingZeros().scale() > 0)
                    .map(VolumeWarnings::fraction)
                    .ifPresent(words -> warnings.add(path + "[" + resource + "]", words));
        }
    }

    private static String fraction(BigDecimal amount) {
        return "fractional byte value \"%s\" is invalid, must be an integer".formatted(Quantity.thousandths(amount));
    }

    private static void sources(JsonNode holder, String path, Warnings warnings) {
        holder.fieldNames().forEachRemaining(source -> Optional.ofNullable(DEPRECATED.get(source))
                .filter(words -> holder.path(source).isObject())
                .ifPresent(words -> warnings.add(path + "." + source, words)));
    }

    /** Files of a projected volume that lie where a token is put. */
    private static void overToken(JsonNode volumes, String path, Warnings warnings) {
        Set<String> tokens = new HashSet<>();
        for (JsonNode volume : volumes) {
            for (JsonNode source : Tree.at(volume, "projected", "sources")) {
                tokens.add(Tree.text(source, "serviceAccountToken", "path"));
            }
        }
        tokens.remove("");
        if (tokens.isEmpty()) {
            return;
        }
        Tree.items(volumes, path).forEach(volume -> {
            String at = volume.path() + ".projected.sources.";
            for (JsonNode source : Tree.at(volume.value(), "projected", "sources")) {
                files(Tree.at(source, "configMap", "items"), at + "configMap", tokens, warnings);
                files(Tree.at(source, "secret", "items"), at + "secrets", tokens, warnings);
                files(Tree.at(source, "downwardAPI", "items"), at + "downwardAPI", tokens, warnings);
                file(source.path("clusterTrustBundle"), at + "ClusterTrustBundle", tokens, warnings);
            }
        });
    }

    private static void files(JsonNode items, String path, Set<String> tokens, Warnings warnings) {
        Tree.items(items, path).forEach(item -> file(item.value(), item.path(), tokens, warnings));
    }

    private static void file(JsonNode item, String path, Set<String> tokens, Warnings warnings) {
        String file = Tree.text(item, "path");
        if (tokens.contains(file)) {
            warnings.add(path, "has duplicated path with ServiceAccountToken \"" + file + "\"");
        }
    }
}
