package dev.keelson.controllers.runtime;

import dev.keelson.controllers.objects.CustomResources;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;

/**
 * Takes the contents off objects that controllers only know by their metadata. Secrets would otherwise be in the memory of
 * a process that has no use for them. Such objects are never written back.
 */
final class Trim {
    private Trim() {}

    static <T extends HasMetadata> T apply(T object) {
        switch (object) {
            case Secret secret -> {
                secret.setData(null);
                secret.setStringData(null);
            }
            case ConfigMap map
            when !map.getMetadata().getName().equals("kube-root-ca.crt") -> {
                map.setData(null);
                map.setBinaryData(null);
            }
            case GenericKubernetesResource custom -> CustomResources.trim(custom);
            default -> {}
        }
        return object;
    }
}
