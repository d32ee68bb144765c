package dev.keelson.apiserver.auth.rbac;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes to grants by namespace and subject: a namespace is copied when it is first touched, the others are shared. */
final class GrantEdits {
    private final Map<String, Map<String, List<RoleGrant>>> byNamespace;
    private final Set<String> copied = new HashSet<>();

    GrantEdits(Map<String, Map<String, List<RoleGrant>>> before) {
        this.byNamespace = new HashMap<>(before);
    }

    GrantEdits remove(Collection<RoleGrant> grants) {
        for (RoleGrant grant : grants) {
            Map<String, List<RoleGrant>> own = own(grant.namespace());
            for (String subject : Set.copyOf(grant.subjects())) {
                List<RoleGrant> left = own.getOrDefault(subject, List.of()).stream()
                        .filter(one -> !one.equals(grant))
                        .toList();
                if (left.isEmpty()) {
                    own.remove(subject);
                } else {
                    own.put(subject, left);
                }
            }
            if (own.isEmpty()) {
                byNamespace.remove(grant.namespace());
                copied.remove(grant.namespace());
            }
        }
        return this;
    }

    GrantEdits add(Collection<RoleGrant> grants) {
        for (RoleGrant grant : grants) {
            Map<String, List<RoleGrant>> own = own(grant.namespace());
            for (String subject : Set.copyOf(grant.subjects())) {
                List<RoleGrant> more = new ArrayList<>(own.getOrDefault(subject, List.of()));
                more.add(grant);
                own.put(subject, List.copyOf(more));
            }
        }
        return this;
    }

    private Map<String, List<RoleGrant>> own(String namespace) {
        if (copied.add(namespace)) {
            byNamespace.put(namespace, new HashMap<>(byNamespace.getOrDefault(namespace, Map.of())));
        }
        return byNamespace.get(namespace);
    }

    /** Whoever gets the result changes nothing in it, and nothing is edited after this. */
    Map<String, Map<String, List<RoleGrant>>> done() {
        return byNamespace;
    }
}
