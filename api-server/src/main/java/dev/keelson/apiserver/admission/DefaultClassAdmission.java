package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.storage.StorageClassKind;
import java.util.Optional;

/**
 * Names the default class in claims and ingresses that name none (Kubernetes' DefaultStorageClass and
 * DefaultIngressClass). An empty name in a claim means no class, and stays.
 */
public final class DefaultClassAdmission implements Admission {
    private static final String NETWORKING = "networking.k8s.io";

    private final ClusterObjects objects;

    public DefaultClassAdmission(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE) {
            return;
        }
        if (request.concernsCore("persistentvolumeclaims")) {
            Optional<ObjectNode> standard =
                    objects.newestDefault("storage.k8s.io", "storageclasses", StorageClassKind::isDefault);
            fill(request, "storageClassName", "volume.beta.kubernetes.io/storage-class", standard);
        } else if (request.concerns(NETWORKING, "ingresses")) {
            Optional<ObjectNode> standard = objects.newestDefault(NETWORKING, "ingressclasses", object -> annotation(
                            object, "ingressclass.kubernetes.io/is-default-class")
                    .asText()
                    .equals("true"));
            fill(request, "ingressClassName", "kubernetes.io/ingress.class", standard);
        }
    }

    private static void fill(AdmissionRequest request, String field, String annotation, Optional<ObjectNode> standard) {
        ObjectNode spec = request.object().withObject("/spec");
        boolean named =
                spec.has(field) || annotation(request.object(), annotation).isTextual();
        if (!named) {
            standard.ifPresent(found -> spec.put(field, Meta.name(found)));
        }
    }

    private static JsonNode annotation(ObjectNode object, String name) {
        return object.path("metadata").path("annotations").path(name);
    }
}
