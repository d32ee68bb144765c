package dev.keelson.apiserver.auth.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which objects of its namespace a pod names in its spec, and so makes readable for its node. Pure. */
final class PodReferences {
    private PodReferences() {}

    /** @param plural {@code secrets}, {@code configmaps}, {@code persistentvolumeclaims} or {@code serviceaccounts} */
    record Reference(String plural, String name) {}

    static Set<Reference> of(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        Set<Reference> found = new HashSet<>();
        add(found, "serviceaccounts", spec.path("serviceAccountName"));
        spec.path("imagePullSecrets").forEach(each -> add(found, "secrets", each.path("name")));
        spec.path("volumes").forEach(volume -> volume(found, volume));
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec.path(list).forEach(container -> {
                container.path("envFrom").forEach(from -> {
                    add(found, "configmaps", from.path("configMapRef").path("name"));
                    add(found, "secrets", from.path("secretRef").path("name"));
                });
                container.path("env").forEach(variable -> {
                    JsonNode from = variable.path("valueFrom");
                    add(found, "configmaps", from.path("configMapKeyRef").path("name"));
                    add(found, "secrets", from.path("secretKeyRef").path("name"));
                });
            });
        }
        return found;
    }

    private static void volume(Set<Reference> found, JsonNode volume) {
        add(found, "secrets", volume.path("secret").path("secretName"));
        add(found, "configmaps", volume.path("configMap").path("name"));
        add(
                found,
                "persistentvolumeclaims",
                volume.path("persistentVolumeClaim").path("claimName"));
        add(found, "secrets", volume.path("csi").path("nodePublishSecretRef").path("name"));
        volume.path("projected").path("sources").forEach(source -> {
            add(found, "secrets", source.path("secret").path("name"));
            add(found, "configmaps", source.path("configMap").path("name"));
        });
    }

    private static void add(Set<Reference> found, String plural, JsonNode name) {
        if (!name.asText("").isEmpty()) {
            found.add(new Reference(plural, name.asText()));
        }
    }
}
