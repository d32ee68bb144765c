package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.pod.ClaimSpecRules;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.QuantityRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a valid claim is; once made, only a bound claim may grow or change its class of attributes. */
final class PersistentVolumeClaimRules {
    private static final String FIXED =
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    private static final List<String> RESIZING = List.of(
            "ControllerResizeInProgress",
            "ControllerResizeInfeasible",
            "NodeResizeInProgress",
            "NodeResizeInfeasible",
            "NodeResizePending");

    private PersistentVolumeClaimRules() {}

    static void validate(ObjectNode claim, Problems problems) {
        ClaimSpecRules.validate(claim.path("spec"), "spec", problems);
    }

    static void validateStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        Tree.at(updated, "status", "capacity").properties().forEach(size -> size(size, "status.capacity", problems));
        String statuses = "status.allocatedResourceStatus";
        Tree.at(updated, "status", "allocatedResourceStatuses").properties().forEach(status -> {
            name(status.getKey(), statuses, problems);
            if (!RESIZING.contains(status.getValue().asText())) {
                problems.notSupportedShown(statuses, GoSyntax.quoted(status.getKey()), RESIZING);
            }
        });
        String allocated = "status.allocatedResources";
        Tree.at(updated, "status", "allocatedResources").properties().forEach(size -> {
            if (name(size.getKey(), allocated, problems)) {
                size(size, allocated, problems);
            }
        });
    }

    /** Whether a claim can be for something of this name: storage, or what a vendor calls its own. */
    private static boolean name(String name, String path, Problems problems) {
        List<String> wrong = LabelNames.keyProblems(name);
        wrong.forEach(words -> problems.invalid(path, name, words));
        boolean unknown = wrong.isEmpty() && QuantityRules.isNative(name) && !name.equals("storage");
        if (unknown) {
            problems.notSupportedShown(path, GoSyntax.quoted(name), List.of("storage"));
        }
        return wrong.isEmpty() && !unknown;
    }

    private static void size(Map.Entry<String, JsonNode> size, String path, Problems problems) {
        amount(size.getValue())
                .filter(amount -> amount.signum() < 0)
                .ifPresent(amount -> problems.invalidShown(
                        path + "[" + size.getKey() + "]",
                        amount.setScale(0, RoundingMode.UP).toPlainString(),
                        "must be a valid resource quantity"));
    }

    private static Optional<BigDecimal> amount(JsonNode quantity) {
        return Quantity.parse(quantity);
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        ObjectNode after = spec(updated);
        ObjectNode before = spec(old);
        boolean bound = Tree.text(old, "status", "phase").equals("Bound");
        // Whoever binds the claim, and whoever gives it the default class, fills in what was left open.
        for (String field : new String[] {"volumeName", "storageClassName"}) {
            if (!Tree.has(before, field) && !bound) {
                Tree.carry(after, before, field);
            }
        }
        JsonNode wanted = Tree.at(after, "resources", "requests", "storage");
        JsonNode had = Tree.at(before, "resources", "requests", "storage");
        if (bound) {
            Tree.carry(Tree.child(after, "resources"), before.path("resources"), "requests");
            Tree.carry(after, before, "volumeAttributesClassName");
        }
        if (!Tree.same(after, before)) {
            problems.forbidden("spec", FIXED);
            return;
        }
        JsonNode capacity = Tree.at(old, "status", "capacity", "storage");
        if (less(wanted, had) && (less(wanted, capacity) || wanted.equals(capacity))) {
            problems.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
    }

    private static boolean less(JsonNode one, JsonNode other) {
        return amount(one)
                .flatMap(left -> amount(other).map(right -> left.compareTo(right) < 0))
                .orElse(false);
    }

    private static ObjectNode spec(ObjectNode claim) {
        return claim.path("spec") instanceof ObjectNode spec ? spec.deepCopy() : claim.objectNode();
    }
}
