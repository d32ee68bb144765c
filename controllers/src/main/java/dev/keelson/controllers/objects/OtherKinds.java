package dev.keelson.controllers.objects;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.stream.Stream;

/** The namespaced kinds that the server has built in and that no controller here watches. */
public final class OtherKinds {
    private static final List<ResourceType<GenericKubernetesResource>> NAMESPACED = Stream.of(
                    "apps/v1 StatefulSet statefulsets",
                    "apps/v1 DaemonSet daemonsets",
                    "apps/v1 ControllerRevision controllerrevisions",
                    "batch/v1 CronJob cronjobs",
                    "batch/v1 Job jobs",
                    "autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers",
                    "networking.k8s.io/v1 Ingress ingresses",
                    "networking.k8s.io/v1 NetworkPolicy networkpolicies",
                    "policy/v1 PodDisruptionBudget poddisruptionbudgets",
                    "rbac.authorization.k8s.io/v1 RoleBinding rolebindings",
                    "rbac.authorization.k8s.io/v1 Role roles",
                    "storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities",
                    "/v1 ReplicationController replicationcontrollers",
                    "/v1 PodTemplate podtemplates",
                    "/v1 PersistentVolumeClaim persistentvolumeclaims",
                    "/v1 ResourceQuota resourcequotas",
                    "/v1 LimitRange limitranges")
            .map(OtherKinds::type)
            .toList();

    private OtherKinds() {}

    /** Those that own others come first, as in {@link ResourceType#known}. */
    public static List<ResourceType<GenericKubernetesResource>> namespaced() {
        return NAMESPACED;
    }

    private static ResourceType<GenericKubernetesResource> type(String words) {
        String[] parts = words.split("[/ ]");
        return new ResourceType<>(parts[0], parts[1], parts[2], parts[3], true, GenericKubernetesResource.class);
    }
}
