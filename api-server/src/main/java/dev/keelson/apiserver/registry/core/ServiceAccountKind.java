package dev.keelson.apiserver.registry.core;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import java.util.List;
import java.util.Set;

/** The declaration of ServiceAccounts. */
final class ServiceAccountKind {
    private ServiceAccountKind() {}

    static ResourceDefinition definition() {
        return new ResourceDefinition(
                "",
                "v1",
                "ServiceAccount",
                "serviceaccounts",
                "serviceaccount",
                List.of("sa"),
                List.of(),
                true,
                Set.of(Subresource.TOKEN),
                KindRules.none().advising(ObjectWarnings::serviceAccount),
                List.of(
                        Columns.number(
                                "Secrets",
                                "Number of secrets that pods of this account may use.",
                                account -> Columns.size(account.path("secrets"))),
                        Columns.age()),
                Set.of());
    }
}
