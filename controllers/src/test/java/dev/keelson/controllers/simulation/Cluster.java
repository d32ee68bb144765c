package dev.keelson.controllers.simulation;

import dev.keelson.controllers.TestObjects;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.List;
import java.util.Map;

/** The objects that a simulation is about: two nodes, a Deployment "web" with a Service, and readings of them. */
final class Cluster {
    static final String NAMESPACE = "shop";
    private final FakeApiClient client;

    Cluster(FakeApiServer server) {
        this.client = server.client();
    }

    void create(int replicas, String maxSurge, String maxUnavailable, int minReadySeconds) {
        client.create(ResourceType.NODES, TestObjects.node("node-1"));
        client.create(ResourceType.NODES, TestObjects.node("node-2"));
        client.create(ResourceType.NAMESPACES, TestObjects.namespace(NAMESPACE));
        client.create(ResourceType.DEPLOYMENTS, web(replicas, maxSurge, maxUnavailable, minReadySeconds));
        client.create(
                ResourceType.SERVICES,
                new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", "web"))
                        .addNewPort()
                        .withPort(80)
                        .withTargetPort(new IntOrString(8080))
                        .endPort()
                        .endSpec()
                        .build());
    }

    private static Deployment web(int replicas, String maxSurge, String maxUnavailable, int minReadySeconds) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withMinReadySeconds(minReadySeconds)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(maxSurge))
                .withMaxUnavailable(new IntOrString(maxUnavailable))
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("web:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    Deployment deployment() {
        return client.get(ResourceType.DEPLOYMENTS, NAMESPACE, "web");
    }

    void change(java.util.function.UnaryOperator<DeploymentBuilder> change) {
        client.update(
                ResourceType.DEPLOYMENTS,
                change.apply(new DeploymentBuilder(deployment())).build());
    }

    void setImage(String image) {
        change(builder -> builder.editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
    }

    void scale(int replicas) {
        change(builder -> builder.editSpec().withReplicas(replicas).endSpec());
    }

    List<ReplicaSet> replicaSets() {
        return client.list(ResourceType.REPLICA_SETS, NAMESPACE, ListOptions.ALL)
                .items();
    }

    List<Pod> pods() {
        return client.list(ResourceType.PODS, NAMESPACE, ListOptions.ALL).items();
    }

    List<Pod> activePods() {
        return pods().stream().filter(Pods::active).toList();
    }

    long readyPods() {
        return activePods().stream().filter(Pods::ready).count();
    }

    List<Pod> podsOf(ReplicaSet set) {
        return activePods().stream()
                .filter(pod -> Owners.isControlledBy(pod, set.getMetadata().getUid()))
                .toList();
    }

    List<Endpoint> readyEndpoints() {
        return client.list(ResourceType.ENDPOINT_SLICES, NAMESPACE, ListOptions.ALL).items().stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .toList();
    }

    /** The present state in a few lines, for the message of a failed run. */
    String describe() {
        StringBuilder text = new StringBuilder();
        Deployment deployment = deployment();
        text.append("deployment generation=%s replicas=%d status=%s%n"
                .formatted(
                        deployment.getMetadata().getGeneration(),
                        deployment.getSpec().getReplicas(),
                        deployment.getStatus()));
        replicaSets()
                .forEach(set -> text.append("%s generation=%s replicas=%d annotations=%s status=%s%n"
                        .formatted(
                                set.getMetadata().getName(),
                                set.getMetadata().getGeneration(),
                                set.getSpec().getReplicas(),
                                set.getMetadata().getAnnotations(),
                                set.getStatus())));
        pods().forEach(pod -> text.append("%s node=%s phase=%s ready=%s terminating=%s%n"
                .formatted(
                        pod.getMetadata().getName(),
                        Pods.node(pod),
                        Pods.phase(pod),
                        Pods.ready(pod),
                        Pods.terminating(pod))));
        return text.toString();
    }
}
