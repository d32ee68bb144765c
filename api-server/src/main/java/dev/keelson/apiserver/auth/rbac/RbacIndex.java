package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All roles and bindings of one moment, arranged by who gets them. Immutable; a decision reads memory only. */
public final class RbacIndex {
    public static final RbacIndex EMPTY = new RbacIndex(Map.of(), List.of());

    private final Map<RoleKey, List<PolicyRule>> roles;
    /** By namespace, the empty one for everywhere, then by subject. Changed by nobody after construction. */
    private final Map<String, Map<String, List<RoleGrant>>> grants;

    RbacIndex(Map<RoleKey, List<PolicyRule>> roles, Collection<RoleGrant> bindings) {
        this.roles = Map.copyOf(roles);
        this.grants = new GrantEdits(Map.of()).add(bindings).done();
    }

    private RbacIndex(Map<RoleKey, List<PolicyRule>> roles, GrantEdits edits) {
        this.roles = roles;
        this.grants = edits.done();
    }

    /** The same bindings with other roles. */
    RbacIndex withRoles(Map<RoleKey, List<PolicyRule>> others) {
        return new RbacIndex(Map.copyOf(others), new GrantEdits(grants));
    }

    /** The index after a change of bindings; what the change does not touch is shared with this one. */
    RbacIndex withGrants(Collection<RoleGrant> removed, Collection<RoleGrant> added) {
        return new RbacIndex(roles, new GrantEdits(grants).remove(removed).add(added));
    }

    /** Allowed by the first binding that does it; else the reason names bindings whose role is missing. */
    public Decision decide(Attributes asked) {
        List<String> dangling = new ArrayList<>();
        for (RoleGrant grant : grantsOf(asked.user(), asked.namespace())) {
            List<PolicyRule> rules = roles.get(grant.role());
            if (rules == null) {
                dangling.add("%s.rbac.authorization.k8s.io \"%s\" not found"
                        .formatted(
                                grant.role().ofCluster() ? "clusterrole" : "role",
                                grant.role().name()));
                continue;
            }
            for (PolicyRule rule : rules) {
                if (rule.allows(asked)) {
                    return new Decision(
                            true,
                            "RBAC: allowed by %s of %s to %s".formatted(grant, grant.role(), subject(grant, asked)));
                }
            }
        }
        return dangling.isEmpty() ? Decision.NO_OPINION : new Decision(false, "RBAC: " + oneOrList(dangling));
    }

    /** Every rule that holds for the user in the namespace, which is empty for what holds everywhere. */
    public List<PolicyRule> rulesOf(User user, String namespace) {
        Set<PolicyRule> rules = new LinkedHashSet<>();
        grantsOf(user, namespace).forEach(grant -> rules.addAll(roles.getOrDefault(grant.role(), List.of())));
        return List.copyOf(rules);
    }

    Optional<List<PolicyRule>> rulesOf(RoleKey role) {
        return Optional.ofNullable(roles.get(role));
    }

    private List<RoleGrant> grantsOf(User user, String namespace) {
        List<RoleGrant> found = new ArrayList<>();
        collect(grants.getOrDefault("", Map.of()), user, found);
        if (!namespace.isEmpty()) {
            collect(grants.getOrDefault(namespace, Map.of()), user, found);
        }
        return found;
    }

    private static void collect(Map<String, List<RoleGrant>> bySubject, User user, List<RoleGrant> found) {
        if (bySubject.isEmpty()) {
            return;
        }
        found.addAll(bySubject.getOrDefault(RoleGrant.user(user.name()), List.of()));
        user.groups().forEach(group -> found.addAll(bySubject.getOrDefault(RoleGrant.group(group), List.of())));
    }

    private static String subject(RoleGrant grant, Attributes asked) {
        String name = asked.user().name();
        return grant.subjects().contains(RoleGrant.user(name))
                ? named(name)
                : asked.user().groups().stream()
                        .filter(group -> grant.subjects().contains(RoleGrant.group(group)))
                        .findFirst()
                        .map(group -> "Group \"" + group + "\"")
                        .orElse("");
    }

    private static String named(String user) {
        return User.account(user)
                .map(account -> "ServiceAccount \"%s/%s\"".formatted(account.name(), account.namespace()))
                .orElseGet(() -> "User \"" + user + "\"");
    }

    private static String oneOrList(List<String> problems) {
        return problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
    }
}
