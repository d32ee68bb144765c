package dev.keelson.apiserver.registry.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** The kinds of {@code rbac.authorization.k8s.io/v1}. */
public final class RbacKinds {
    static final String GROUP = "rbac.authorization.k8s.io";

    private static final String API_VERSION = GROUP + "/v1";

    private RbacKinds() {}

    public static List<ResourceDefinition> list() {
        KindRules named = KindRules.none().named(NameRule.PATH_SEGMENT);
        KindRules bindings = named.defaulting(RbacKinds::completeGroups).checkingChange(BindingRules::validateChange);
        return List.of(
                Declaration.namespaced(API_VERSION, "Role", "roles").with(named.checking(RoleRules::validateRole)),
                Declaration.clusterWide(API_VERSION, "ClusterRole", "clusterroles")
                        .with(named.checking(RoleRules::validateClusterRole)),
                Declaration.namespaced(API_VERSION, "RoleBinding", "rolebindings")
                        .columns(bindingColumns())
                        .with(bindings.checking(BindingRules::validateRoleBinding)),
                Declaration.clusterWide(API_VERSION, "ClusterRoleBinding", "clusterrolebindings")
                        .columns(bindingColumns())
                        .with(bindings.checking(BindingRules::validateClusterRoleBinding)));
    }

    /** Users and groups belong to this group when nothing else is said; service accounts to the core group. */
    private static void completeGroups(ObjectNode binding) {
        Tree.object(binding, "roleRef").ifPresent(reference -> Tree.setDefault(reference, "apiGroup", GROUP));
        for (ObjectNode subject : Tree.objects(binding, "subjects")) {
            String kind = Tree.text(subject, "kind");
            if (kind.equals("User") || kind.equals("Group")) {
                Tree.setDefault(subject, "apiGroup", GROUP);
            }
        }
    }

    private static List<Column> bindingColumns() {
        return List.of(
                Columns.text(
                        "Role",
                        "What is granted.",
                        binding -> Tree.text(binding, "roleRef", "kind") + "/" + Tree.text(binding, "roleRef", "name")),
                Columns.age(),
                Columns.wide("Users", "Users to whom it is granted.", binding -> subjects(binding, "User")),
                Columns.wide("Groups", "Groups to whom it is granted.", binding -> subjects(binding, "Group")),
                Columns.wide(
                        "ServiceAccounts",
                        "Service accounts to which it is granted.",
                        binding -> subjects(binding, "ServiceAccount")));
    }

    private static String subjects(ObjectNode binding, String kind) {
        return String.join(
                ", ",
                Tree.objects(binding, "subjects").stream()
                        .filter(subject -> Tree.text(subject, "kind").equals(kind))
                        .map(subject -> kind.equals("ServiceAccount")
                                ? Tree.text(subject, "namespace") + "/" + Tree.text(subject, "name")
                                : Tree.text(subject, "name"))
                        .toList());
    }
}
