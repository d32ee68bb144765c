package dev.keelson.apiserver.registry.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Locale;

/** What valid bindings are; to which role they bind never changes, because the grant was judged for that role. */
final class BindingRules {
    private BindingRules() {}

    static void validateRoleBinding(ObjectNode binding, Problems problems) {
        validate(binding, List.of("Role", "ClusterRole"), true, problems);
    }

    static void validateClusterRoleBinding(ObjectNode binding, Problems problems) {
        validate(binding, List.of("ClusterRole"), false, problems);
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        if (!Tree.same(updated.path("roleRef"), old.path("roleRef"))) {
            problems.invalidShown("roleRef", GoSyntax.roleRef(updated.path("roleRef")), "cannot change roleRef");
        }
    }

    private static void validate(ObjectNode binding, List<String> roles, boolean namespaced, Problems problems) {
        JsonNode reference = binding.path("roleRef");
        if (!Tree.text(reference, "apiGroup").equals(RbacKinds.GROUP)) {
            problems.notSupported("roleRef.apiGroup", reference.path("apiGroup"), List.of(RbacKinds.GROUP));
        }
        if (!roles.contains(Tree.text(reference, "kind"))) {
            problems.notSupported("roleRef.kind", reference.path("kind"), roles);
        }
        if (problems.requireText("roleRef", reference, "name", "")) {
            problems.named("roleRef.name", reference.path("name"), NameRule.PATH_SEGMENT);
        }
        Tree.items(binding.path("subjects"), "subjects").forEach(item -> subject(item, namespaced, problems));
    }

    private static void subject(Tree.Item item, boolean namespaced, Problems problems) {
        JsonNode subject = item.value();
        boolean named = problems.requireText(item.path(), subject, "name", "");
        String kind = Tree.text(subject, "kind");
        String group = Tree.text(subject, "apiGroup");
        switch (kind) {
            case "ServiceAccount" -> {
                problems.named(item.path() + ".name", subject.path("name"), NameRule.DNS_SUBDOMAIN);
                if (!group.isEmpty()) {
                    problems.notSupported(item.path() + ".apiGroup", subject.path("apiGroup"), List.of(""));
                }
                if (!namespaced) {
                    problems.requireText(item.path(), subject, "namespace", "");
                }
            }
            case "User", "Group" -> {
                if (!named) {
                    problems.invalid(
                            item.path() + ".name", "", kind.toLowerCase(Locale.ROOT) + " name cannot be empty");
                }
                if (!group.equals(RbacKinds.GROUP)) {
                    problems.notSupported(
                            item.path() + ".apiGroup", subject.path("apiGroup"), List.of(RbacKinds.GROUP));
                }
            }
            default ->
                problems.notSupported(
                        item.path() + ".kind", subject.path("kind"), List.of("ServiceAccount", "User", "Group"));
        }
    }
}
