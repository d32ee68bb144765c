package dev.keelson.controllers.deployment;

import dev.keelson.controllers.deployment.DeploymentPlan.Action;
import dev.keelson.controllers.deployment.DeploymentPlan.Create;
import dev.keelson.controllers.deployment.DeploymentPlan.Delete;
import dev.keelson.controllers.deployment.DeploymentPlan.SetRevision;
import dev.keelson.controllers.deployment.DeploymentPlan.Update;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Carries out the actions of a {@link DeploymentPlan}. Every write has a precondition or a name of its own. */
final class DeploymentExecutor {

    /** The name for the current template is taken by a ReplicaSet of another one. */
    static final class HashCollision extends RuntimeException {
        HashCollision(String name) {
            super("ReplicaSet \"%s\" exists for another template; trying another name".formatted(name));
        }
    }

    private final ControllerContext context;
    private final InformerCache<Deployment> deployments;
    private final InformerCache<ReplicaSet> sets;
    private final WriteGuard<ObjectKey> guard;

    DeploymentExecutor(
            ControllerContext context,
            InformerCache<Deployment> deployments,
            InformerCache<ReplicaSet> sets,
            WriteGuard<ObjectKey> guard) {
        this.context = context;
        this.deployments = deployments;
        this.sets = sets;
        this.guard = guard;
    }

    /**
     * Does what the plan says; answers the Deployment as the last write of it left it.
     *
     * @param seen the ReplicaSets that the plan was made from: their resourceVersions are the preconditions
     */
    Deployment execute(ObjectKey key, Deployment deployment, List<ReplicaSet> seen, DeploymentPlan plan) {
        Deployment current = deployment;
        for (Action action : plan.actions()) {
            switch (action) {
                case Create create -> create(key, deployment, create);
                case Update update ->
                    seen.stream()
                            .filter(set -> set.getMetadata().getName().equals(update.name()))
                            .forEach(set -> update(key, deployment, set, update));
                case Delete delete -> delete(key, delete);
                case SetRevision revision -> current = setRevision(key, current, revision);
            }
        }
        return current;
    }

    private void create(ObjectKey key, Deployment deployment, Create create) {
        DeploymentView view = DeploymentView.of(deployment, create.name());
        String hash = create.name().substring(key.name().length() + 1);
        Map<String, String> label = Map.of(Annotations.HASH_LABEL, hash);
        ReplicaSet set = new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(create.name())
                .withLabels(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .addToLabels(label)
                .withAnnotations(Annotations.inherited(deployment))
                .addToAnnotations(sizes(view))
                .addToAnnotations(Annotations.REVISION, Long.toString(create.revision()))
                .withOwnerReferences(Owners.controllerReference(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(create.replicas())
                .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                .withSelector(new LabelSelectorBuilder(deployment.getSpec().getSelector())
                        .addToMatchLabels(label)
                        .build())
                .withTemplate(new PodTemplateSpecBuilder(deployment.getSpec().getTemplate())
                        .editMetadata()
                        .addToLabels(label)
                        .endMetadata()
                        .build())
                .endSpec()
                .build();
        try {
            guard.wrote(key, sets, context.client().create(ResourceType.REPLICA_SETS, set));
            scaled(deployment, create.name(), 0, create.replicas());
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.ALREADY_EXISTS) {
                throw refused;
            }
            inspectNamesake(key, deployment, create.name());
        }
    }

    /** Ours from before a crash: wait until the cache shows it. Of another template: a hash collision. */
    private void inspectNamesake(ObjectKey key, Deployment deployment, String name) {
        ReplicaSet found = context.client().get(ResourceType.REPLICA_SETS, key.namespace(), name);
        boolean ours = Owners.isControlledBy(found, deployment.getMetadata().getUid())
                && Templates.same(
                        found.getSpec().getTemplate(), deployment.getSpec().getTemplate());
        boolean leaving = found.getMetadata().getDeletionTimestamp() != null;
        if (!ours && !leaving) {
            throw new HashCollision(name);
        }
        guard.wrote(key, sets, found);
    }

    private void update(ObjectKey key, Deployment deployment, ReplicaSet set, Update update) {
        DeploymentView view = DeploymentView.of(deployment, update.name());
        ReplicaSetBuilder changed = new ReplicaSetBuilder(set)
                .editMetadata()
                .addToAnnotations(sizes(view))
                .addToAnnotations(Annotations.REVISION, Long.toString(update.revision()))
                .endMetadata()
                .editSpec()
                .withReplicas(update.replicas())
                .endSpec();
        if (update.revision() != Annotations.revision(set)) {
            changed.editMetadata()
                    .addToAnnotations(Annotations.inherited(deployment))
                    .endMetadata();
        }
        guard.wrote(key, sets, context.client().update(ResourceType.REPLICA_SETS, changed.build()));
        scaled(
                deployment,
                update.name(),
                Objects.requireNonNullElse(set.getSpec().getReplicas(), 1),
                update.replicas());
    }

    private static Map<String, String> sizes(DeploymentView view) {
        return Map.of(
                Annotations.DESIRED, Integer.toString(view.replicas()),
                Annotations.MAX, Integer.toString(view.maxTotal()));
    }

    private void scaled(Deployment deployment, String set, int from, int to) {
        if (from != to) {
            context.events()
                    .normal(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled %s replica set %s from %d to %d"
                                    .formatted(to > from ? "up" : "down", set, from, to));
        }
    }

    private void delete(ObjectKey key, Delete delete) {
        try {
            context.client()
                    .delete(
                            ResourceType.REPLICA_SETS,
                            key.namespace(),
                            delete.name(),
                            DeleteOptions.BACKGROUND.withUid(delete.uid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
        }
        sets.get(key.namespace(), delete.name()).ifPresent(set -> guard.deleted(key, sets, set));
    }

    private Deployment setRevision(ObjectKey key, Deployment deployment, SetRevision revision) {
        Deployment changed = new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations(Annotations.REVISION, Long.toString(revision.revision()))
                .endMetadata()
                .build();
        return guard.wrote(key, deployments, context.client().updateStatus(ResourceType.DEPLOYMENTS, changed));
    }

    /** Takes over an orphan, or lets go of a ReplicaSet whose labels the selector no longer matches. */
    void changeOwners(ObjectKey key, ReplicaSet set, List<OwnerReference> owners) {
        ReplicaSet changed = new ReplicaSetBuilder(set)
                .editMetadata()
                .withOwnerReferences(owners)
                .endMetadata()
                .build();
        guard.wrote(key, sets, context.client().update(ResourceType.REPLICA_SETS, changed));
    }
}
