package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.apiextensions.CrdStatus;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which of its names a CustomResourceDefinition may use (apiextensions' naming and establishing controllers). A
 * name that another kind of the group has is refused; the names accepted before stay in use. Pure.
 */
final class CrdNames {
    private CrdNames() {}

    /** The names in use in one group by everything but the definition itself. */
    record Taken(Set<String> resources, Set<String> kinds) {
        Taken {
            resources = Set.copyOf(resources);
            kinds = Set.copyOf(kinds);
        }
    }

    /** What the other definitions of a group have been given. */
    static Taken taken(List<ObjectNode> others) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (ObjectNode other : others) {
            JsonNode names = other.path("status").path("acceptedNames");
            resources.add(Tree.text(names, "plural"));
            resources.add(Tree.text(names, "singular"));
            resources.addAll(Tree.texts(names, "shortNames"));
            kinds.add(Tree.text(names, "kind"));
            kinds.add(Tree.text(names, "listKind"));
        }
        resources.remove("");
        kinds.remove("");
        return new Taken(resources, kinds);
    }

    private record Conflict(String reason, String name) {}

    /** The status that the definition is to have; equal to the one it has when there is nothing to do. */
    static ObjectNode plan(ObjectNode crd, Taken taken, Instant now) {
        ObjectNode status = Tree.object(crd, "status").map(ObjectNode::deepCopy).orElseGet(crd::objectNode);
        JsonNode wanted = crd.path("spec").path("names");
        ObjectNode accepted = Tree.child(status, "acceptedNames");
        List<Conflict> conflicts = accept(wanted, accepted, taken);
        if (conflicts.isEmpty()) {
            CrdStatus.setCondition(status, "NamesAccepted", true, "NoConflicts", "no conflicts found", now);
        } else {
            Conflict worst = conflicts.getLast();
            CrdStatus.setCondition(
                    status, "NamesAccepted", false, worst.reason(), "\"" + worst.name() + "\" is already in use", now);
        }
        if (!CrdStatus.isTrue(crd, "Established")) {
            establish(status, conflicts.isEmpty(), now);
        }
        if (!status.has("storedVersions")) {
            status.putArray("storedVersions");
        }
        return status;
    }

    private static void establish(ObjectNode status, boolean accepted, Instant now) {
        if (accepted) {
            CrdStatus.setCondition(
                    status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now);
        } else {
            CrdStatus.setCondition(status, "Established", false, "NotAccepted", "not all names are accepted", now);
        }
    }

    private static List<Conflict> accept(JsonNode wanted, ObjectNode accepted, Taken taken) {
        List<Conflict> conflicts = new ArrayList<>();
        one(wanted, accepted, "plural", taken.resources(), "PluralConflict").ifPresent(conflicts::add);
        one(wanted, accepted, "singular", taken.resources(), "SingularConflict").ifPresent(conflicts::add);
        shortNames(wanted, accepted, taken).ifPresent(conflicts::add);
        one(wanted, accepted, "kind", taken.kinds(), "KindConflict").ifPresent(conflicts::add);
        one(wanted, accepted, "listKind", taken.kinds(), "ListKindConflict").ifPresent(conflicts::add);
        Tree.carry(accepted, wanted, "categories");
        return conflicts;
    }

    private static Optional<Conflict> one(
            JsonNode wanted, ObjectNode accepted, String field, Set<String> taken, String reason) {
        String name = Tree.text(wanted, field);
        if (!name.equals(Tree.text(accepted, field)) && taken.contains(name)) {
            return Optional.of(new Conflict(reason, name));
        }
        Tree.carry(accepted, wanted, field);
        return Optional.empty();
    }

    private static Optional<Conflict> shortNames(JsonNode wanted, ObjectNode accepted, Taken taken) {
        List<String> before = Tree.texts(accepted, "shortNames");
        Optional<Conflict> conflict = Tree.texts(wanted, "shortNames").stream()
                .filter(name -> !before.contains(name) && taken.resources().contains(name))
                .findFirst()
                .map(name -> new Conflict("ShortNamesConflict", name));
        if (conflict.isEmpty()) {
            Tree.carry(accepted, wanted, "shortNames");
        }
        return conflict;
    }
}
