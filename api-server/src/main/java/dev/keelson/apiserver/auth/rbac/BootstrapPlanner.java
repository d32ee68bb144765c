package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy.BootstrapBinding;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy.BootstrapRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a stored role or binding is brought to what the cluster needs (Kubernetes: "Auto-reconciliation"): what is missing
 * is added, what somebody added stays, and what is annotated with {@code autoupdate: "false"} is left alone. Pure.
 */
final class BootstrapPlanner {
    private static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";
    private static final String API_VERSION = "rbac.authorization.k8s.io/v1";

    private BootstrapPlanner() {}

    static ObjectNode role(BootstrapRole role) {
        boolean cluster = role.namespace().isEmpty();
        ObjectNode object = object(cluster ? "ClusterRole" : "Role", role.namespace(), role.name());
        role.label().ifPresent(key -> object.withObject("/metadata/labels").put(key, "true"));
        role.aggregates().ifPresent(key -> object.putObject("aggregationRule")
                .putArray("clusterRoleSelectors")
                .addObject()
                .putObject("matchLabels")
                .put(key, "true"));
        ArrayNode rules = object.putArray("rules");
        role.rules().forEach(rule -> rules.add(rule.toJson()));
        return object;
    }

    static ObjectNode binding(BootstrapBinding binding) {
        boolean cluster = binding.namespace().isEmpty();
        ObjectNode object = object(cluster ? "ClusterRoleBinding" : "RoleBinding", binding.namespace(), binding.role());
        object.putObject("roleRef")
                .put("apiGroup", RbacWatch.GROUP)
                .put("kind", cluster ? "ClusterRole" : "Role")
                .put("name", binding.role());
        if (!binding.subjects().isEmpty()) {
            ArrayNode subjects = object.putArray("subjects");
            binding.subjects().forEach(subject -> subjects.add(subject(subject)));
        }
        return object;
    }

    /** What the stored role becomes; empty when nothing is missing. */
    static Optional<ObjectNode> reconciledRole(ObjectNode stored, ObjectNode wanted) {
        if (leftAlone(stored)) {
            return Optional.empty();
        }
        ObjectNode result = withMetadata(stored, wanted);
        if (wanted.has("aggregationRule")) {
            if (!result.has("aggregationRule")) {
                result.set("aggregationRule", wanted.get("aggregationRule"));
            }
        } else {
            List<PolicyRule> held = PolicyRule.listOf(stored.path("rules"));
            ArrayNode rules = result.get("rules") instanceof ArrayNode present ? present : result.putArray("rules");
            RuleCoverage.missing(held, PolicyRule.listOf(wanted.path("rules")))
                    .forEach(rule -> rules.add(rule.toJson()));
        }
        return changed(stored, result);
    }

    /** What the stored binding becomes; empty when nothing is missing. It must bind the same role. */
    static Optional<ObjectNode> reconciledBinding(ObjectNode stored, ObjectNode wanted) {
        if (leftAlone(stored)) {
            return Optional.empty();
        }
        ObjectNode result = withMetadata(stored, wanted);
        List<JsonNode> present = new ArrayList<>();
        stored.path("subjects").forEach(present::add);
        List<JsonNode> missing = new ArrayList<>();
        wanted.path("subjects").forEach(subject -> {
            if (!present.contains(subject)) {
                missing.add(subject);
            }
        });
        if (!missing.isEmpty()) {
            ArrayNode subjects = result.get("subjects") instanceof ArrayNode list ? list : result.putArray("subjects");
            subjects.addAll(missing);
        }
        return changed(stored, result);
    }

    static boolean sameRole(ObjectNode stored, ObjectNode wanted) {
        return stored.path("roleRef").equals(wanted.path("roleRef"));
    }

    static boolean leftAlone(ObjectNode stored) {
        return stored.path("metadata")
                .path("annotations")
                .path(AUTOUPDATE)
                .asText("")
                .equals("false");
    }

    private static Optional<ObjectNode> changed(ObjectNode stored, ObjectNode result) {
        return result.equals(stored) ? Optional.empty() : Optional.of(result);
    }

    private static ObjectNode withMetadata(ObjectNode stored, ObjectNode wanted) {
        ObjectNode result = stored.deepCopy();
        for (String part : List.of("labels", "annotations")) {
            ObjectNode target = result.withObject("/metadata/" + part);
            wanted.path("metadata").path(part).properties().forEach(entry -> {
                if (!target.has(entry.getKey())) {
                    target.set(entry.getKey(), entry.getValue());
                }
            });
        }
        return result;
    }

    private static ObjectNode object(String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", API_VERSION).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put(AUTOUPDATE, "true");
        return object;
    }

    private static ObjectNode subject(String text) {
        int colon = text.indexOf(':');
        String kind = text.substring(0, colon);
        String name = text.substring(colon + 1);
        ObjectNode subject = JsonNodeFactory.instance.objectNode().put("kind", kind);
        if (kind.equals("ServiceAccount")) {
            int slash = name.indexOf('/');
            return subject.put("name", name.substring(slash + 1)).put("namespace", name.substring(0, slash));
        }
        return subject.put("apiGroup", RbacWatch.GROUP).put("name", name);
    }
}
