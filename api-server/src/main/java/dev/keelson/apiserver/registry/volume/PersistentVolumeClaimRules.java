package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.pod.ClaimSpecRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.math.BigDecimal;
import java.util.Optional;

/** What a valid claim is; once made, only a bound claim may grow or change its class of attributes. */
final class PersistentVolumeClaimRules {
    private static final String FIXED =
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    private PersistentVolumeClaimRules() {}

    static void validate(ObjectNode claim, Problems problems) {
        ClaimSpecRules.validate(claim.path("spec"), "spec", problems);
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
