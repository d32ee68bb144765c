package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The declaration of CustomResourceDefinitions. Their conditions are set by {@code custom.CustomKinds}. */
final class CustomResourceDefinitionKind {
    private CustomResourceDefinitionKind() {}

    static ResourceDefinition definition() {
        ApprovedSchemas schemas = new ApprovedSchemas();
        KindRules rules = KindRules.withStatus()
                .counting("spec")
                .defaulting(CustomResourceDefinitionKind::complete)
                .creating(CustomResourceDefinitionKind::noteStorageVersion)
                .updating((updated, old) -> noteStorageVersion(updated))
                .checking((crd, problems) -> CustomResourceDefinitionRules.validate(crd, schemas, problems))
                .checkingChange(CustomResourceDefinitionRules::validateChange);
        return new ResourceDefinition(
                "apiextensions.k8s.io",
                "v1",
                "CustomResourceDefinition",
                "customresourcedefinitions",
                "customresourcedefinition",
                List.of("crd", "crds"),
                List.of("api-extensions"),
                false,
                Set.of(Subresource.STATUS),
                new CustomResourceDefinitionStrategy(rules),
                List.of(),
                Set.of());
    }

    private static void complete(ObjectNode crd) {
        ObjectNode spec = Tree.child(crd, "spec");
        ObjectNode names = Tree.child(spec, "names");
        String kind = Tree.text(names, "kind");
        if (!kind.isEmpty()) {
            Tree.setDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
            Tree.setDefault(names, "listKind", kind + "List");
        }
        Tree.setDefault(Tree.child(spec, "conversion"), "strategy", "None");
        Tree.object(spec, "conversion", "webhook", "clientConfig", "service").ifPresent(service -> {
            Tree.setDefault(service, "port", 443);
        });
        for (ObjectNode version : Tree.objects(spec, "versions")) {
            for (ObjectNode column : Tree.objects(version, "additionalPrinterColumns")) {
                if (Tree.number(column, "priority")
                        .filter(number -> number == 0)
                        .isPresent()) {
                    column.remove("priority");
                }
            }
        }
    }

    /** Every version that objects were ever stored in stays known until somebody says that none is left. */
    private static void noteStorageVersion(ObjectNode crd) {
        ObjectNode status = Tree.child(crd, "status");
        ArrayNode stored = status.withArray("/storedVersions");
        Tree.objects(crd, "spec", "versions").stream()
                .filter(version -> Tree.isTrue(version, "storage"))
                .map(version -> Tree.text(version, "name"))
                .filter(name -> !Tree.texts(status, "storedVersions").contains(name))
                .forEach(stored::add);
    }
}
