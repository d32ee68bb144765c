package dev.keelson.controllers.disruption;

import dev.keelson.controllers.disruption.PodView.Owner;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps the status of PodDisruptionBudgets: how many pods are healthy, and how many of them may be evicted now. */
public final class DisruptionController implements Controller<ObjectKey> {
    private static final Duration CATCH_UP = Duration.ofMillis(500);
    /** An owner that is not there yet, or not any more, does not announce itself here. */
    private static final Duration LOOK_FOR_OWNERS = Duration.ofSeconds(10);

    private static final Owner NOBODY = new Owner.None();

    private final ControllerContext context;
    private final InformerCache<GenericKubernetesResource> budgets;
    private final InformerCache<Pod> pods;
    private final Scales scales;
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();

    public DisruptionController(ControllerContext context) {
        this.context = context;
        this.budgets = context.informers().cacheLater(OtherKinds.POD_DISRUPTION_BUDGETS);
        this.pods = context.informers().cache(ResourceType.PODS);
        this.scales = new Scales(context);
    }

    @Override
    public String name() {
        return "disruption";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        budgets.addHandler(ResourceHandler.each(budget -> enqueue.accept(ObjectKey.of(budget))));
        pods.addHandler(ResourceHandler.each(
                pod -> budgets.inNamespace(pod.getMetadata().getNamespace()).stream()
                        .filter(budget -> Budget.selector(budget).test(Pods.labels(pod)))
                        .forEach(budget -> enqueue.accept(ObjectKey.of(budget)))));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        return budgets.get(key.namespace(), key.name())
                .map(budget -> reconcile(key, budget))
                .orElse(Outcome.DONE);
    }

    private Outcome reconcile(ObjectKey key, GenericKubernetesResource object) {
        Budget budget = Budget.of(object);
        List<Pod> selected = pods.inNamespace(key.namespace()).stream()
                .filter(pod -> budget.selects().test(Pods.labels(pod)))
                .toList();
        Map<String, Owner> owners = budget.wanted().ofScale() ? scales.of(selected) : Map.of();
        List<PodView> views = selected.stream().map(pod -> view(pod, owners)).toList();
        Instant now = context.clock().instant();
        DisruptionPlan plan = DisruptionPlanner.plan(budget.wanted(), views, budget.disrupted(), now);
        tell(key, object, plan, views);
        write(key, object, DisruptionStatus.of(object, plan, now));
        return switch (plan) {
            case DisruptionPlan.Failed unused -> Outcome.after(LOOK_FOR_OWNERS);
            case DisruptionPlan.Counted counted ->
                // At the very moment a grant still holds.
                Outcome.after(
                        counted.recheck().map(at -> Duration.between(now, at).plusMillis(1)));
        };
    }

    private static PodView view(Pod pod, Map<String, Owner> owners) {
        String name = pod.getMetadata().getName();
        return new PodView(name, Pods.ready(pod), Pods.terminating(pod), owners.getOrDefault(name, NOBODY));
    }

    private void write(ObjectKey key, GenericKubernetesResource object, Map<String, Object> status) {
        if (status.equals(DisruptionStatus.present(object))) {
            return;
        }
        // The copy keeps the resourceVersion: an eviction granted meanwhile has written into this status and must not
        // be lost.
        GenericKubernetesResource wanted = ApiJson.copy(object, GenericKubernetesResource.class);
        wanted.setAdditionalProperty("status", status);
        guard.wrote(key, budgets, context.client().updateStatus(OtherKinds.POD_DISRUPTION_BUDGETS, wanted));
    }

    /** The events of Kubernetes' controller. */
    private void tell(ObjectKey key, GenericKubernetesResource budget, DisruptionPlan plan, List<PodView> views) {
        if (views.isEmpty()) {
            context.events().normal(budget, "NoPods", "No matching pods found");
        }
        switch (plan) {
            case DisruptionPlan.Failed(String reason) ->
                context.events()
                        .warning(
                                budget,
                                "CalculateExpectedPodCountFailed",
                                "Failed to calculate the number of expected pods: " + reason);
            case DisruptionPlan.Counted counted -> {
                if (!counted.unmanaged().isEmpty()) {
                    context.events().warning(budget, "UnmanagedPods", unmanaged(budget));
                }
                counted.overdue()
                        .forEach(name -> pods.get(key.namespace(), name).ifPresent(pod -> context.events()
                                .warning(
                                        pod,
                                        "NotDeleted",
                                        "Pod was expected by PDB %s to be deleted but it wasn't".formatted(key))));
            }
        }
    }

    private static String unmanaged(GenericKubernetesResource budget) {
        return ("Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged. As a result, the status of"
                        + " the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these"
                        + " pods please set \".spec.minAvailable\" field of the PDB to an integer value.")
                .formatted(budget.<Object>get("spec", "selector"));
    }
}
