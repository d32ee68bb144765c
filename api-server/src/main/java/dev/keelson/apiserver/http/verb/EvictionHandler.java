package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.StatusJson;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.policy.BudgetSpending;
import dev.keelson.apiserver.registry.policy.Eviction;
import dev.keelson.apiserver.registry.policy.EvictionPlanner;
import dev.keelson.apiserver.registry.rules.Conditions;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Deletes a pod on behalf of someone who drains its node ({@code pods/eviction}), if the disruption budget that guards
 * the pod allows it.
 */
public final class EvictionHandler {
    /**
     * Tries against other writers, as many as Kubernetes makes. Nothing waits between them: each lost try means that
     * another writer is done.
     */
    private static final int ATTEMPTS = 20;

    private static final String DISRUPTED = "DisruptionTarget";

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final ObjectBodies bodies;
    private final Clock clock;

    public EvictionHandler(ObjectStore store, ResourceRegistry registry, ObjectBodies bodies, Clock clock) {
        this.store = store;
        this.registry = registry;
        this.bodies = bodies;
        this.clock = clock;
    }

    /** What is asked: the pod's deletion, how, and by whom. */
    private record Asked(ResourceDefinition pods, String namespace, String pod, DeleteOptions how, WriteOptions by) {
        boolean ofOneVersion() {
            return !how.uid().isEmpty() || !how.resourceVersion().isEmpty();
        }
    }

    /**
     * Evicts the pod of the request. Clients before 1.22 send the version beta 1 of the group, which is not served
     * otherwise; Kubernetes takes it here as well.
     */
    public Reply evict(ApiRequest request) {
        ObjectNode eviction = bodies.plain(request, List.of("policy/v1", "policy/v1beta1"), "Eviction");
        JsonNode options = eviction.path("deleteOptions");
        DeleteOptions how = options instanceof ObjectNode tree ? DeleteOptions.from(tree) : DeleteOptions.NONE;
        SubresourceHandler.sameName(request, eviction, "Eviction");
        // kubectl drain says in the body that nothing is to happen.
        WriteOptions by = request.writeOptions().on("");
        requireSameDryRun(request.query().values().getOrDefault("dryRun", List.of()), Tree.texts(options, "dryRun"));
        Asked asked = new Asked(
                request.kind(),
                request.namespace(),
                request.info().name(),
                how,
                by.dryRun(by.dryRun() || how.dryRun()));
        if (asked.ofOneVersion()) {
            evictOnce(asked);
        } else {
            againstOthers(() -> evictOnce(asked));
        }
        return Reply.json(201, StatusJson.success(201));
    }

    /** A request that says in two places whether anything is to happen says the same in both. */
    static void requireSameDryRun(List<String> request, List<String> content) {
        if (!request.isEmpty() && !content.isEmpty() && !request.equals(content)) {
            throw ApiFailure.badRequest("Non-matching dry-run options in request and content: [%s] and [%s]"
                    .formatted(String.join(" ", request), String.join(" ", content)));
        }
    }

    private void evictOnce(Asked asked) {
        ObjectNode pod = store.reads()
                .requireLatest(asked.pods, asked.namespace, asked.pod)
                .tree();
        switch (EvictionPlanner.plan(pod, budgets(asked.namespace))) {
            case Eviction.Free() -> delete(asked, asked.how);
            case Eviction.WhilePending() -> delete(asked, asked.how.ifUnchanged(pod));
            case Eviction.WhileUnready(String budget) -> deleteOrLater(asked, asked.how.ifUnchanged(pod), budget);
            case Eviction.Counted(String budget) -> {
                againstOthers(() -> spend(asked, budget));
                deleteOrLater(asked, asked.how.ifSame(pod), budget);
            }
        }
    }

    private List<ObjectNode> budgets(String namespace) {
        ResourceDefinition kind = budgetKind();
        store.reads().awaitLatest(kind);
        return store.reads().list(kind, namespace).objects().stream()
                .map(CachedObject::tree)
                .toList();
    }

    /** The controller that counts the budget's pods reads who is about to go, so that nobody is counted twice. */
    private void spend(Asked asked, String budget) {
        store.update(
                budgetKind(),
                asked.namespace,
                budget,
                current -> BudgetSpending.spend(current, asked.pod, clock.instant()),
                WriteOptions.of(User.SERVER).on("status").dryRun(asked.by.dryRun()));
    }

    /** A pod that is no longer the one that was asked about is asked about again by the client, who has the time. */
    private void deleteOrLater(Asked asked, DeleteOptions how, String budget) {
        try {
            delete(asked, how);
        } catch (ApiFailure failure) {
            throw failure.reason() == StatusReason.CONFLICT && !asked.ofOneVersion()
                    ? BudgetSpending.stillProcessed(budget)
                    : failure;
        }
    }

    private void delete(Asked asked, DeleteOptions how) {
        DeleteOptions last = asked.by.dryRun() ? how : sayWhy(asked, how);
        store.delete(asked.pods, asked.namespace, asked.pod, last, asked.by);
    }

    /** Gives the pod the condition by which others see why it goes, and answers how the pod is then to be deleted. */
    private DeleteOptions sayWhy(Asked asked, DeleteOptions how) {
        CachedObject told = store.update(
                asked.pods, asked.namespace, asked.pod, pod -> disrupted(asked, pod, how), asked.by.on("status"));
        return how.resourceVersion().isEmpty()
                ? how
                : how.ofVersion(told.revision().toString());
    }

    private ObjectNode disrupted(Asked asked, ObjectNode pod, DeleteOptions how) {
        requireSame(asked, "UID", how.uid(), Meta.uid(pod), "been deleted and then recreated");
        requireSame(asked, "ResourceVersion", how.resourceVersion(), Meta.resourceVersion(pod), "been modified");
        ObjectNode status = pod.withObject("/status");
        if (!Conditions.holds(status, DISRUPTED)) {
            Conditions.set(
                            status,
                            DISRUPTED,
                            "True",
                            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", "EvictionByEvictionAPI")
                    .put("message", "Eviction API: evicting")
                    .putNull("lastProbeTime");
        }
        return pod;
    }

    private static void requireSame(Asked asked, String what, String wanted, String found, String perhaps) {
        if (!wanted.isEmpty() && !wanted.equals(found)) {
            throw ApiFailure.conflict(
                    asked.pods,
                    asked.pod,
                    "the %1$s in the precondition (%2$s) does not match the %1$s in record (%3$s). The object might have %4$s"
                            .formatted(what, wanted, found, perhaps));
        }
    }

    private ResourceDefinition budgetKind() {
        return registry.require("policy", "poddisruptionbudgets");
    }

    private static void againstOthers(Runnable write) {
        for (int attempt = 1; ; attempt++) {
            try {
                write.run();
                return;
            } catch (ApiFailure failure) {
                if (failure.reason() != StatusReason.CONFLICT || attempt == ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }
}
