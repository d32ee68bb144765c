package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.FinalizerNames;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.List;
import java.util.Set;

/** The declaration of Namespaces. */
final class NamespaceKind {
    private NamespaceKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.withStatus()
                .named(NameRule.DNS_LABEL)
                .defaulting(NamespaceKind::label)
                .creating(NamespaceKind::start)
                .updating((updated, old) -> Tree.carry(Tree.child(updated, "spec"), old.path("spec"), "finalizers"))
                .checking(NamespaceKind::check)
                .writing(
                        "status",
                        (updated, old) -> Tree.setDefault(Tree.child(updated, "status"), "phase", "Active"),
                        NamespaceKind::checkStatus);
        return new ResourceDefinition(
                "",
                "v1",
                "Namespace",
                "namespaces",
                "namespace",
                List.of("ns"),
                List.of(),
                false,
                Set.of(Subresource.STATUS, Subresource.FINALIZE),
                rules,
                List.of(
                        Columns.text(
                                "Status", "Active, or Terminating while its content is removed.", NamespaceKind::phase),
                        Columns.age()),
                Set.of("status.phase"));
    }

    /** Selectors find a namespace by its name through this label. */
    private static void label(ObjectNode namespace) {
        ObjectNode metadata = Tree.child(namespace, "metadata");
        if (Tree.has(metadata, "name")) {
            Tree.setDefault(Tree.child(metadata, "labels"), "kubernetes.io/metadata.name", Tree.text(metadata, "name"));
        }
    }

    private static void start(ObjectNode namespace) {
        Tree.child(namespace, "status").put("phase", "Active");
        ObjectNode spec = Tree.child(namespace, "spec");
        if (!Tree.texts(spec, "finalizers").contains("kubernetes")) {
            spec.withArray("finalizers").add("kubernetes");
        }
    }

    private static void check(ObjectNode namespace, Problems problems) {
        Tree.items(Tree.at(namespace, "spec", "finalizers"), "spec.finalizers").forEach(item -> {
            String finalizer = item.value().asText();
            LabelNames.keyProblems(finalizer).forEach(words -> problems.invalid(item.path(), finalizer, words));
            FinalizerNames.problem(finalizer).ifPresent(words -> problems.invalid(item.path(), finalizer, words));
        });
        String name = Tree.text(namespace, "metadata", "name");
        String label = Tree.text(Tree.at(namespace, "metadata", "labels"), "kubernetes.io/metadata.name");
        if (!name.isEmpty() && !label.equals(name)) {
            problems.invalid("metadata.labels[kubernetes.io/metadata.name]", label, "must be " + name);
        }
    }

    private static void checkStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        boolean deleting = Meta.deleting(updated);
        String wanted = deleting ? "Terminating" : "Active";
        if (!phase(updated).equals(wanted)) {
            problems.invalid(
                    "status.Phase",
                    phase(updated),
                    "may only be '%s' if `deletionTimestamp` is %s"
                            .formatted(wanted, deleting ? "not empty" : "empty"));
        }
    }

    private static String phase(ObjectNode namespace) {
        return Tree.text(namespace, "status", "phase");
    }
}
