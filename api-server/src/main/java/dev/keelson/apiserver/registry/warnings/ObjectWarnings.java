package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Kinds that have one or two things to say, and custom objects. */
public final class ObjectWarnings {
    private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";
    private static final String MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";
    private static final Set<String> WELL_KNOWN = Set.of("orphan", "foregroundDeletion");

    private ObjectWarnings() {}

    /** Of a new Ingress. */
    public static void ingress(ObjectNode ingress, Optional<ObjectNode> old, Warnings warnings) {
        boolean annotated = Tree.at(ingress, "metadata", "annotations").has(INGRESS_CLASS);
        if (old.isEmpty() && annotated && !Tree.has(ingress, "spec", "ingressClassName")) {
            warnings.add(
                    "annotation \"" + INGRESS_CLASS + "\" is deprecated, please use 'spec.ingressClassName' instead");
        }
    }

    /** Of a Node. */
    public static void node(ObjectNode node, Optional<ObjectNode> old, Warnings warnings) {
        if (Tree.at(node, "spec", "configSource").isObject()) {
            warnings.add("spec.configSource", "the feature is removed");
        }
        if (Tree.has(node, "spec", "externalID")) {
            warnings.add("spec.externalID", "this field is deprecated, and is unused by Kubernetes");
        }
    }

    /** Of a ServiceAccount that newly limits the secrets of its pods. */
    public static void serviceAccount(ObjectNode account, Optional<ObjectNode> old, Warnings warnings) {
        boolean before =
                old.isPresent() && Tree.at(old.get(), "metadata", "annotations").has(MOUNTABLE);
        if (!before) {
            NodeLabelWarnings.annotations(
                    account,
                    List.of(MOUNTABLE),
                    "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets",
                    warnings);
        }
    }

    /** Of a Secret with a certificate and a key that are no pair. */
    public static void secret(ObjectNode secret, Optional<ObjectNode> old, Warnings warnings) {
        if (Tree.text(secret, "type").equals("kubernetes.io/tls")) {
            KeyPairs.problem(entry(secret, "tls.crt"), entry(secret, "tls.key")).ifPresent(warnings::add);
        }
    }

    private static String entry(ObjectNode secret, String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(Tree.text(secret, "data", key));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    /** Of a custom object: finalizers that this write adds and that no other writer can know to be its own. */
    public static void finalizers(ObjectNode object, Optional<ObjectNode> old, Warnings warnings) {
        List<String> before =
                old.map(known -> Tree.texts(known, "metadata", "finalizers")).orElse(List.of());
        Tree.texts(object, "metadata", "finalizers").stream()
                .distinct()
                .filter(finalizer -> !before.contains(finalizer))
                .filter(finalizer -> !finalizer.contains("/") && !WELL_KNOWN.contains(finalizer))
                .sorted()
                .forEach(finalizer -> warnings.add(
                        "metadata.finalizers",
                        ("\"%s\": prefer a domain-qualified finalizer name including a path (/) to avoid accidental"
                                        + " conflicts with other finalizer writers")
                                .formatted(finalizer)));
    }
}
