package dev.keelson.apiserver.auth.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An index that was changed binding by binding grants what one grants that is made of all bindings at once. */
class RbacChangesTest {
    private static final List<String> NAMESPACES = List.of("", "shop", "bank");
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final int CHANGES = 3_000;

    private final long seed = Long.getLong("keelson.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<RoleKey, List<PolicyRule>> roles = new HashMap<>();
    private final Map<String, RoleGrant> grants = new HashMap<>();

    @Test
    void changedIndexIsTheRebuiltOne() {
        RbacIndex index = RbacIndex.EMPTY;
        List<RbacIndex> earlier = new ArrayList<>();
        List<List<List<String>>> expected = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            index = random.nextInt(4) == 0 ? changeRole(index) : changeGrant(index);
            List<List<String>> now = rights(index);
            assertThat(now).as("change %d, seed %d", i, seed).isEqualTo(rights(new RbacIndex(roles, grants.values())));
            if (i % 100 == 0) {
                earlier.add(index);
                expected.add(now);
            }
        }
        assertThat(earlier.stream().map(RbacChangesTest::rights))
                .as("who still decides by an earlier index sees nothing of what came after, seed %d", seed)
                .isEqualTo(expected);
    }

    private RbacIndex changeRole(RbacIndex index) {
        RoleKey key = new RoleKey(any(NAMESPACES), any(NAMES));
        if (random.nextInt(3) == 0) {
            roles.remove(key);
        } else {
            List<String> resource = List.of("r" + random.nextInt(50));
            roles.put(key, List.of(PolicyRule.onResources(List.of("get"), List.of(""), resource, List.of())));
        }
        return index.withRoles(roles);
    }

    private RbacIndex changeGrant(RbacIndex index) {
        String namespace = any(NAMESPACES);
        String name = "binding-" + random.nextInt(6);
        Optional<RoleGrant> before = Optional.ofNullable(grants.remove(namespace + "/" + name));
        List<RoleGrant> after = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            List<String> subjects = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                String subject = any(NAMES);
                subjects.add(random.nextBoolean() ? RoleGrant.user(subject) : RoleGrant.group(subject));
            }
            RoleKey role = new RoleKey(random.nextBoolean() ? "" : namespace, any(NAMES));
            after.add(new RoleGrant(namespace, name, role, subjects));
            grants.put(namespace + "/" + name, after.getFirst());
        }
        return index.withGrants(before.stream().toList(), after);
    }

    /** What each user may do in each namespace; in which order does not matter. */
    private static List<List<String>> rights(RbacIndex index) {
        List<List<String>> rights = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            for (String name : NAMES) {
                User user = new User(name, List.of(NAMES.get((NAMES.indexOf(name) + 1) % NAMES.size())));
                rights.add(index.rulesOf(user, namespace).stream()
                        .map(PolicyRule::toString)
                        .sorted()
                        .toList());
            }
        }
        return rights;
    }

    private <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
