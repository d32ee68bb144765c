package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import dev.keelson.apiserver.watch.WatchFollower;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps an {@link RbacIndex} that shows what the watch cache shows. Reading it takes no lock. */
public final class RbacWatch implements WatchFollower.Listener {
    static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<String> PLURALS = List.of("roles", "clusterroles", "rolebindings", "clusterrolebindings");

    private final Map<RoleKey, List<PolicyRule>> roles = new HashMap<>();
    private final Map<ObjectKey, RoleGrant> grants = new HashMap<>();
    private volatile RbacIndex index = RbacIndex.EMPTY;

    /** Starts to follow; the index fills as the cache does. */
    public static RbacWatch start(WatchCache cache) {
        RbacWatch watch = new RbacWatch();
        PLURALS.forEach(plural -> WatchFollower.start(cache, GROUP, plural, watch));
        return watch;
    }

    public RbacIndex index() {
        return index;
    }

    @Override
    public synchronized void replaced(String plural, List<CachedObject> objects) {
        boolean cluster = plural.startsWith("cluster");
        if (plural.endsWith("roles")) {
            roles.keySet().removeIf(key -> key.ofCluster() == cluster);
        } else {
            grants.keySet().removeIf(key -> key.resource().equals(plural));
        }
        objects.forEach(this::put);
        publish();
    }

    @Override
    public synchronized void changed(List<WatchEvent> events) {
        for (WatchEvent event : events) {
            if (event.type() == WatchEvent.Type.DELETED) {
                grants.remove(event.key());
                if (isRole(event.key())) {
                    roles.remove(role(event.key()));
                }
            } else {
                put(event.object());
            }
        }
        publish();
    }

    private void put(CachedObject object) {
        ObjectKey key = object.key();
        if (isRole(key)) {
            roles.put(role(key), PolicyRule.listOf(object.tree().path("rules")));
        } else {
            grants.put(key, RoleGrant.of(object.tree(), key.resource().startsWith("cluster")));
        }
    }

    private void publish() {
        index = new RbacIndex(roles, grants.values());
    }

    private static boolean isRole(ObjectKey key) {
        return key.resource().endsWith("roles");
    }

    private static RoleKey role(ObjectKey key) {
        return new RoleKey(key.namespace(), key.name());
    }
}
