package dev.keelson.controllers.objects;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kinds that the server has built in and that nobody here needs a model of. Of all but the named ones the caches hold metadata
 * alone.
 */
public final class OtherKinds {
    /** Kept whole, as trees: one controller reads them, and a model would be one more artifact for one class. */
    public static final ResourceType<GenericKubernetesResource> POD_DISRUPTION_BUDGETS =
            type(true, "policy/v1 PodDisruptionBudget poddisruptionbudgets");

    public static final ResourceType<GenericKubernetesResource> SIGNING_REQUESTS =
            type(false, "certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests");

    private static final List<ResourceType<GenericKubernetesResource>> NAMESPACED = types(
            true,
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
            "/v1 LimitRange limitranges");

    private static final List<ResourceType<GenericKubernetesResource>> CLUSTER_WIDE = types(
            false,
            "apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions",
            "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations",
            "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations",
            "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies",
            "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings",
            "apiregistration.k8s.io/v1 APIService apiservices",
            "certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests",
            "flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas",
            "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations",
            "networking.k8s.io/v1 IngressClass ingressclasses",
            "node.k8s.io/v1 RuntimeClass runtimeclasses",
            "rbac.authorization.k8s.io/v1 ClusterRole clusterroles",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings",
            "scheduling.k8s.io/v1 PriorityClass priorityclasses",
            "storage.k8s.io/v1 CSIDriver csidrivers",
            "storage.k8s.io/v1 CSINode csinodes",
            "storage.k8s.io/v1 StorageClass storageclasses",
            "storage.k8s.io/v1 VolumeAttachment volumeattachments",
            "/v1 PersistentVolume persistentvolumes");

    private OtherKinds() {}

    /** Those that own others come first, as in {@link ResourceType#known}. */
    public static List<ResourceType<GenericKubernetesResource>> namespaced() {
        return NAMESPACED;
    }

    public static List<ResourceType<GenericKubernetesResource>> all() {
        return Stream.concat(NAMESPACED.stream(), CLUSTER_WIDE.stream()).toList();
    }

    private static List<ResourceType<GenericKubernetesResource>> types(boolean namespaced, String... words) {
        return Stream.of(words).map(line -> type(namespaced, line)).toList();
    }

    private static ResourceType<GenericKubernetesResource> type(boolean namespaced, String words) {
        String[] parts = words.split("[/ ]");
        return new ResourceType<>(parts[0], parts[1], parts[2], parts[3], namespaced, GenericKubernetesResource.class);
    }
}
