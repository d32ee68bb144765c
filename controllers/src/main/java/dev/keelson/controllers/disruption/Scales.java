package dev.keelson.controllers.disruption;

import dev.keelson.controllers.disruption.PodView.Owner;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How many pods the owner of a pod wants. ReplicaSets and Deployments are in the caches; owners of other kinds, which nobody
 * here keeps, are asked for at the server, each once in a pass.
 */
final class Scales {
    private static final Set<String> BUILT_IN =
            Set.of("statefulsets.apps", "replicationcontrollers", "deployments.apps");
    private static final String[] REPLICAS = {"spec", "replicas"};

    private final ControllerContext context;
    private final InformerCache<ReplicaSet> sets;
    private final InformerCache<Deployment> deployments;
    private final InformerCache<GenericKubernetesResource> definitions;

    Scales(ControllerContext context) {
        this.context = context;
        this.sets = context.informers().cache(ResourceType.REPLICA_SETS);
        this.deployments = context.informers().cache(ResourceType.DEPLOYMENTS);
        this.definitions = context.informers().cache(CustomResources.DEFINITIONS);
    }

    /** The owners of the pods, by the pods' names; all pods are of one namespace. */
    Map<String, Owner> of(List<Pod> pods) {
        Map<String, Owner> known = new HashMap<>();
        Map<String, Owner> owners = new HashMap<>();
        for (Pod pod : pods) {
            String namespace = pod.getMetadata().getNamespace();
            Owner owner = Owners.controller(pod)
                    .map(reference -> known.computeIfAbsent(reference.getUid(), unused -> find(namespace, reference)))
                    .orElseGet(Owner.None::new);
            owners.put(pod.getMetadata().getName(), owner);
        }
        return owners;
    }

    private Owner find(String namespace, OwnerReference reference) {
        if (reference.getKind().equals("ReplicaSet") && group(reference).equals("apps")) {
            return sets.get(namespace, reference.getName())
                    .filter(set -> set.getMetadata().getUid().equals(reference.getUid()))
                    .map(this::ofSet)
                    .orElseGet(Owner.Gone::new);
        }
        return builtIn(reference)
                .map(type -> BUILT_IN.contains(CustomResources.qualified(type))
                        ? ask(type, namespace, reference, REPLICAS)
                        : unscalable(type))
                .orElseGet(() -> custom(namespace, reference));
    }

    /** A set that belongs to a Deployment has the size of one moment of a rollout; the Deployment's is what is wanted. */
    private Owner ofSet(ReplicaSet set) {
        return Owners.controller(set)
                .filter(owner -> owner.getKind().equals("Deployment"))
                .flatMap(owner -> deployments
                        .get(set.getMetadata().getNamespace(), owner.getName())
                        .filter(deployment -> deployment.getMetadata().getUid().equals(owner.getUid())))
                .<Owner>map(deployment -> scaled(
                        deployment.getMetadata().getUid(), deployment.getSpec().getReplicas()))
                .orElseGet(
                        () -> scaled(set.getMetadata().getUid(), set.getSpec().getReplicas()));
    }

    private static Owner scaled(String uid, Integer replicas) {
        return new Owner.Scaled(uid, Objects.requireNonNullElse(replicas, 1));
    }

    private static Owner unscalable(ResourceType<?> type) {
        return new Owner.Unscalable(
                "%s does not implement the scale subresource".formatted(CustomResources.qualified(type)));
    }

    private static Optional<ResourceType<GenericKubernetesResource>> builtIn(OwnerReference reference) {
        Stream<ResourceType<?>> all = Stream.concat(ResourceType.known().stream(), OtherKinds.all().stream());
        return all.filter(type ->
                        type.kind().equals(reference.getKind()) && type.group().equals(group(reference)))
                .findFirst()
                .map(type -> new ResourceType<>(
                        type.group(),
                        type.version(),
                        type.kind(),
                        type.plural(),
                        type.namespaced(),
                        GenericKubernetesResource.class));
    }

    private Owner custom(String namespace, OwnerReference reference) {
        for (GenericKubernetesResource definition : definitions.list()) {
            Optional<ResourceType<GenericKubernetesResource>> type = CustomResources.typeOf(definition)
                    .filter(one -> one.kind().equals(reference.getKind())
                            && one.group().equals(group(reference)));
            if (type.isPresent()) {
                return CustomResources.replicasPath(definition)
                        .map(path -> ask(type.get(), namespace, reference, path))
                        .orElseGet(() -> unscalable(type.get()));
            }
        }
        return new Owner.Unscalable("no matches for kind \"%s\" in version \"%s\""
                .formatted(reference.getKind(), reference.getApiVersion()));
    }

    private Owner ask(
            ResourceType<GenericKubernetesResource> type, String namespace, OwnerReference reference, String[] path) {
        try {
            GenericKubernetesResource owner =
                    context.client().get(type, type.namespaced() ? namespace : "", reference.getName());
            boolean same = owner.getMetadata().getUid().equals(reference.getUid());
            int replicas = owner.get((Object[]) path) instanceof Number number ? number.intValue() : 0;
            return same ? new Owner.Scaled(reference.getUid(), replicas) : new Owner.Gone();
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return new Owner.Gone();
            }
            throw refused;
        }
    }

    private static String group(OwnerReference reference) {
        String version = reference.getApiVersion();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }
}
