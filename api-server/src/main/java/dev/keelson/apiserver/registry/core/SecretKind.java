package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** The declaration of Secrets. */
final class SecretKind {
    private SecretKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.none()
                .defaulting(SecretKind::complete)
                .checking(SecretRules::validate)
                .checkingChange(SecretRules::validateChange)
                .advising(ObjectWarnings::secret);
        return new ResourceDefinition(
                "",
                "v1",
                "Secret",
                "secrets",
                "secret",
                List.of(),
                List.of(),
                true,
                Set.of(),
                rules,
                List.of(
                        Columns.text("Type", "What the entries are for.", secret -> Tree.text(secret, "type")),
                        Columns.number("Data", "Number of entries.", secret -> Columns.size(secret.path("data"))),
                        Columns.age()),
                Set.of("type"));
    }

    /** stringData is written only: its entries become entries of data, which they overwrite. */
    private static void complete(ObjectNode secret) {
        Tree.setDefault(secret, "type", "Opaque");
        Tree.object(secret, "stringData").ifPresent(plain -> {
            if (!plain.isEmpty()) {
                ObjectNode data = Tree.child(secret, "data");
                plain.properties().forEach(entry -> {
                    byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
                    data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
                });
            }
            secret.remove("stringData");
        });
    }
}
