package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Defaults of one volume: a volume without a source is an empty directory, files are readable by all. */
public final class VolumeDefaults {
    private static final int FILE_MODE = 0644;
    private static final int TOKEN_SECONDS = 3600;

    private VolumeDefaults() {}

    static void apply(ObjectNode volume) {
        boolean hasSource = volume.properties().stream()
                .anyMatch(field ->
                        !field.getKey().equals("name") && !field.getValue().isNull());
        if (!hasSource) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            Tree.object(volume, source).ifPresent(files -> Tree.setDefault(files, "defaultMode", FILE_MODE));
        }
        Tree.object(volume, "image")
                .ifPresent(image -> Tree.setDefault(
                        image, "pullPolicy", ContainerDefaults.pullPolicy(Tree.text(image, "reference"))));
        completeSources(volume);
        Tree.object(volume, "downwardAPI").ifPresent(VolumeDefaults::versionFieldRefs);
        Tree.object(volume, "ephemeral", "volumeClaimTemplate")
                .ifPresent(claim -> Tree.setDefault(Tree.child(claim, "spec"), "volumeMode", "Filesystem"));
        for (ObjectNode source : Tree.objects(volume, "projected", "sources")) {
            Tree.object(source, "downwardAPI").ifPresent(VolumeDefaults::versionFieldRefs);
            Tree.object(source, "serviceAccountToken")
                    .ifPresent(token -> Tree.setDefault(token, "expirationSeconds", TOKEN_SECONDS));
        }
    }

    /** Defaults of the sources that there are in pods and in volumes of the cluster alike. */
    public static void completeSources(ObjectNode volume) {
        Tree.object(volume, "hostPath").ifPresent(path -> {
            if (!path.hasNonNull("type")) {
                path.put("type", "");
            }
        });
        Tree.object(volume, "iscsi").ifPresent(iscsi -> Tree.setDefault(iscsi, "iscsiInterface", "default"));
        Tree.object(volume, "rbd").ifPresent(rbd -> {
            Tree.setDefault(rbd, "pool", "rbd");
            Tree.setDefault(rbd, "user", "admin");
            Tree.setDefault(rbd, "keyring", "/etc/ceph/keyring");
        });
        Tree.object(volume, "azureDisk").ifPresent(disk -> {
            Tree.setDefault(disk, "cachingMode", "ReadWrite");
            Tree.setDefault(disk, "kind", "Shared");
            Tree.setDefault(disk, "fsType", "ext4");
            Tree.setDefault(disk, "readOnly", false);
        });
        Tree.object(volume, "scaleIO").ifPresent(disk -> {
            Tree.setDefault(disk, "storageMode", "ThinProvisioned");
            Tree.setDefault(disk, "fsType", "xfs");
        });
    }

    private static void versionFieldRefs(ObjectNode downward) {
        for (ObjectNode item : Tree.objects(downward, "items")) {
            Tree.object(item, "fieldRef").ifPresent(field -> Tree.setDefault(field, "apiVersion", "v1"));
        }
    }
}
