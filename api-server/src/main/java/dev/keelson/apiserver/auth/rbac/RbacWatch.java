package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import dev.keelson.apiserver.watch.WatchFollower;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        objects.forEach(object -> {
            if (isRole(object.key())) {
                roles.put(role(object.key()), rules(object));
            } else {
                grants.put(object.key(), grant(object));
            }
        });
        index = new RbacIndex(roles, grants.values());
    }

    @Override
    public synchronized void changed(List<WatchEvent> events) {
        RbacIndex next = index;
        for (WatchEvent event : events) {
            next = isRole(event.key()) ? roleChanged(next, event) : grantChanged(next, event);
        }
        index = next;
    }

    private RbacIndex roleChanged(RbacIndex before, WatchEvent event) {
        if (event.type() == WatchEvent.Type.DELETED) {
            roles.remove(role(event.key()));
        } else {
            roles.put(role(event.key()), rules(event.object()));
        }
        return before.withRoles(roles);
    }

    private RbacIndex grantChanged(RbacIndex before, WatchEvent event) {
        List<RoleGrant> added = event.type() == WatchEvent.Type.DELETED ? List.of() : List.of(grant(event.object()));
        Optional<RoleGrant> removed = Optional.ofNullable(grants.remove(event.key()));
        added.forEach(grant -> grants.put(event.key(), grant));
        return before.withGrants(removed.stream().toList(), added);
    }

    private static List<PolicyRule> rules(CachedObject role) {
        return PolicyRule.listOf(role.tree().path("rules"));
    }

    private static RoleGrant grant(CachedObject binding) {
        return RoleGrant.of(binding.tree(), binding.key().resource().startsWith("cluster"));
    }

    private static boolean isRole(ObjectKey key) {
        return key.resource().endsWith("roles");
    }

    private static RoleKey role(ObjectKey key) {
        return new RoleKey(key.namespace(), key.name());
    }
}
