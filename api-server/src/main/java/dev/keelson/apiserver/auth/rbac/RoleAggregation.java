package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import dev.keelson.apiserver.watch.WatchFollower;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Keeps the rules of aggregated ClusterRoles true. It runs inside the API server, because a client that may write any
 * rule into a role would be one more administrator. Every server does it; they agree, so the second finds nothing to do.
 */
public final class RoleAggregation implements WatchFollower.Listener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RoleAggregation.class.getName());
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final ResourceDefinition clusterRoles;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("role-aggregation").unstarted(this::run);

    private RoleAggregation(ObjectStore store, ResourceDefinition clusterRoles) {
        this.store = store;
        this.clusterRoles = clusterRoles;
    }

    public static RoleAggregation start(ObjectStore store, ResourceDefinition clusterRoles, WatchCache cache) {
        RoleAggregation aggregation = new RoleAggregation(store, clusterRoles);
        WatchFollower.start(cache, clusterRoles.group(), clusterRoles.plural(), aggregation);
        aggregation.thread.start();
        return aggregation;
    }

    @Override
    public void replaced(String resource, List<CachedObject> objects) {
        changes.release();
    }

    @Override
    public void changed(List<WatchEvent> events) {
        changes.release();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                changes.acquire();
                changes.drainPermits();
                aggregate();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void aggregate() throws InterruptedException {
        List<ObjectNode> all = store.reads().list(clusterRoles, "").objects().stream()
                .map(CachedObject::tree)
                .toList();
        try {
            all.stream().filter(AggregationPlanner::aggregates).forEach(role -> update(role, all));
        } catch (ApiFailure | StorageException e) {
            LOG.log(System.Logger.Level.WARNING, "aggregation of roles waits problem=\"{0}\"", e.getMessage());
            Thread.sleep(PAUSE_AFTER_FAILURE);
            changes.release();
        }
    }

    private void update(ObjectNode role, List<ObjectNode> all) {
        if (AggregationPlanner.rules(role, all).equals(role.path("rules"))) {
            return;
        }
        store.update(
                clusterRoles,
                "",
                role.path("metadata").path("name").asText(),
                current -> {
                    current.set("rules", AggregationPlanner.rules(current, all));
                    return current;
                },
                WriteOptions.of(User.SERVER));
    }
}
