package dev.keelson.crds.model;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/**
 * What a typed client must know of a kind: where its objects live in the API and which Java type holds one.
 *
 * @param group API group, empty for core
 * @param version API version, such as {@code v1}
 * @param kind the kind's name as in an object's {@code kind} field
 * @param plural the resource's name in a path
 * @param namespaced whether objects live in a namespace
 * @param type the model class that one object is read into
 */
public record ResourceType<T extends HasMetadata>(
        String group, String version, String kind, String plural, boolean namespaced, Class<T> type) {

    public static final ResourceType<Namespace> NAMESPACES = core("Namespace", "namespaces", false, Namespace.class);
    public static final ResourceType<Node> NODES = core("Node", "nodes", false, Node.class);
    public static final ResourceType<Pod> PODS = core("Pod", "pods", true, Pod.class);
    public static final ResourceType<Service> SERVICES = core("Service", "services", true, Service.class);
    public static final ResourceType<ConfigMap> CONFIG_MAPS = core("ConfigMap", "configmaps", true, ConfigMap.class);
    public static final ResourceType<Secret> SECRETS = core("Secret", "secrets", true, Secret.class);
    public static final ResourceType<Event> EVENTS = core("Event", "events", true, Event.class);
    public static final ResourceType<Endpoints> ENDPOINTS = core("Endpoints", "endpoints", true, Endpoints.class);
    public static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS =
            core("ServiceAccount", "serviceaccounts", true, ServiceAccount.class);
    public static final ResourceType<ReplicaSet> REPLICA_SETS =
            new ResourceType<>("apps", "v1", "ReplicaSet", "replicasets", true, ReplicaSet.class);
    public static final ResourceType<Deployment> DEPLOYMENTS =
            new ResourceType<>("apps", "v1", "Deployment", "deployments", true, Deployment.class);
    public static final ResourceType<EndpointSlice> ENDPOINT_SLICES =
            new ResourceType<>("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true, EndpointSlice.class);
    /** Read as a tree: its model is in an artifact that nothing else needs. Not in {@link #known}. */
    public static final ResourceType<GenericKubernetesResource> RUNTIME_CLASSES = new ResourceType<>(
            "node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", false, GenericKubernetesResource.class);

    public static final ResourceType<Lease> LEASES =
            new ResourceType<>("coordination.k8s.io", "v1", "Lease", "leases", true, Lease.class);

    /**
     * Every type declared here, for what must look at all objects: garbage collection, deletion of a namespace. Owners come
     * before what they own, so that deleting in this order leaves nobody to create anew what is being deleted.
     */
    public static List<ResourceType<?>> known() {
        return List.of(
                NAMESPACES,
                NODES,
                DEPLOYMENTS,
                REPLICA_SETS,
                PODS,
                SERVICES,
                ENDPOINTS,
                ENDPOINT_SLICES,
                CONFIG_MAPS,
                SECRETS,
                SERVICE_ACCOUNTS,
                LEASES,
                EVENTS);
    }

    /**
     * The path of one object, or of the collection when the name is empty; an empty namespace means all. Names come from
     * objects that anybody may have written, so they are escaped (RFC 3986, 2.1): no name leads anywhere else.
     */
    public String path(String namespace, String name) {
        String scope = namespaced && !namespace.isEmpty() ? "/namespaces/" + UrlText.escape(namespace) : "";
        return basePath() + scope + "/" + plural + (name.isEmpty() ? "" : "/" + UrlText.escape(name));
    }

    /** The {@code apiVersion} field of an object: {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The path of the group and version: {@code /api/v1} or {@code /apis/apps/v1}. */
    public String basePath() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    private static <T extends HasMetadata> ResourceType<T> core(
            String kind, String plural, boolean namespaced, Class<T> type) {
        return new ResourceType<>("", "v1", kind, plural, namespaced, type);
    }
}
