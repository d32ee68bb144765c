package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/** Brings the roles and bindings of {@link BootstrapPolicy} into the store, all at once so that they share commits. */
public final class BootstrapRoles {
    private static final WriteOptions AS_SERVER = WriteOptions.of(User.SERVER);

    private final ObjectStore store;
    private final ResourceRegistry registry;

    public BootstrapRoles(ObjectStore store, ResourceRegistry registry) {
        this.store = store;
        this.registry = registry;
    }

    /** Called on a virtual thread; the namespaces of the roles must exist. */
    public void ensure(BootstrapPolicy policy) {
        List<Runnable> steps = new ArrayList<>();
        policy.roles().forEach(role -> steps.add(() -> role(role.namespace(), BootstrapPlanner.role(role))));
        policy.bindings()
                .forEach(binding -> steps.add(() -> binding(binding.namespace(), BootstrapPlanner.binding(binding))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> all = steps.stream().map(threads::submit).toList();
            all.forEach(BootstrapRoles::await);
        }
    }

    private void role(String namespace, ObjectNode wanted) {
        String plural = namespace.isEmpty() ? "clusterroles" : "roles";
        createOr(plural, namespace, wanted, stored -> update(plural, stored, wanted, BootstrapPlanner::reconciledRole));
    }

    private void binding(String namespace, ObjectNode wanted) {
        String plural = namespace.isEmpty() ? "clusterrolebindings" : "rolebindings";
        createOr(plural, namespace, wanted, stored -> {
            if (BootstrapPlanner.sameRole(stored.tree(), wanted) || BootstrapPlanner.leftAlone(stored.tree())) {
                update(plural, stored, wanted, BootstrapPlanner::reconciledBinding);
            } else {
                // The role of a binding cannot be changed: one that gives another role is replaced.
                store.delete(kind(plural), namespace, stored.key().name(), DeleteOptions.NONE, AS_SERVER);
                store.create(kind(plural), namespace, wanted, AS_SERVER);
            }
        });
    }

    private interface Existing {
        void reconcile(CachedObject stored);
    }

    private void createOr(String plural, String namespace, ObjectNode wanted, Existing existing) {
        String name = wanted.path("metadata").path("name").asText();
        Optional<CachedObject> stored = store.reads().cached(kind(plural), namespace, name);
        if (stored.isPresent()) {
            existing.reconcile(stored.get());
            return;
        }
        try {
            store.create(kind(plural), namespace, wanted, AS_SERVER);
        } catch (ApiFailure e) {
            // Another server of the cluster was faster.
            if (e.reason() != StatusReason.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private void update(
            String plural,
            CachedObject stored,
            ObjectNode wanted,
            BiFunction<ObjectNode, ObjectNode, Optional<ObjectNode>> planner) {
        if (planner.apply(stored.tree(), wanted).isPresent()) {
            store.update(
                    kind(plural),
                    stored.key().namespace(),
                    stored.key().name(),
                    current -> planner.apply(current, wanted).orElse(current),
                    AS_SERVER);
        }
    }

    private ResourceDefinition kind(String plural) {
        return registry.require(RbacWatch.GROUP, plural);
    }

    private static void await(Future<?> step) {
        try {
            step.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.unavailable("the server is shutting down");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
