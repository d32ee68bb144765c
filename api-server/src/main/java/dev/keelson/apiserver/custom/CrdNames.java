package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.apiextensions.CrdApproval;
import dev.keelson.apiserver.registry.apiextensions.CrdCondition;
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
    private static final CrdCondition ACCEPTED =
            new CrdCondition("NamesAccepted", true, "NoConflicts", "no conflicts found");
    private static final CrdCondition ESTABLISHED =
            new CrdCondition("Established", true, "InitialNamesAccepted", "the initial names have been accepted");
    private static final CrdCondition NOT_ACCEPTED =
            new CrdCondition("Established", false, "NotAccepted", "not all names are accepted");

    private CrdNames() {}

    /** The names in use in one group. A definition's own are among them: none of them is taken for another purpose. */
    record Taken(Set<String> resources, Set<String> kinds) {
        Taken {
            resources = Set.copyOf(resources);
            kinds = Set.copyOf(kinds);
        }
    }

    /** What the definitions of a group have been given. */
    static Taken taken(List<ObjectNode> definitions) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (ObjectNode definition : definitions) {
            JsonNode names = definition.path("status").path("acceptedNames");
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

    private record Conflict(String reason, List<String> names) {
        /** As Go shows one error, or several as one. */
        String message() {
            List<String> words = names.stream()
                    .map(name -> "\"" + name + "\" is already in use")
                    .toList();
            return words.size() == 1 ? words.getFirst() : "[" + String.join(", ", words) + "]";
        }

        CrdCondition condition() {
            return new CrdCondition("NamesAccepted", false, reason, message());
        }
    }

    /** The status that the definition is to have; equal to the one it has when there is nothing to do. */
    static ObjectNode plan(ObjectNode crd, Taken taken, Instant now) {
        ObjectNode status = Tree.object(crd, "status").map(ObjectNode::deepCopy).orElseGet(crd::objectNode);
        JsonNode wanted = crd.path("spec").path("names");
        ObjectNode accepted = Tree.child(status, "acceptedNames");
        List<Conflict> conflicts = accept(wanted, accepted, taken);
        CrdApproval.of(crd).ifPresent(approval -> approval.condition().setIn(status, now));
        // Of several conflicts, the last one is told.
        CrdCondition names =
                conflicts.isEmpty() ? ACCEPTED : conflicts.getLast().condition();
        names.setIn(status, now);
        if (!CrdStatus.isTrue(crd, "Established")) {
            (conflicts.isEmpty() ? ESTABLISHED : NOT_ACCEPTED).setIn(status, now);
        }
        if (!status.has("storedVersions")) {
            status.putArray("storedVersions");
        }
        return status;
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
            return Optional.of(new Conflict(reason, List.of(name)));
        }
        Tree.carry(accepted, wanted, field);
        return Optional.empty();
    }

    private static Optional<Conflict> shortNames(JsonNode wanted, ObjectNode accepted, Taken taken) {
        List<String> before = Tree.texts(accepted, "shortNames");
        List<String> conflicts = Tree.texts(wanted, "shortNames").stream()
                .filter(name -> !before.contains(name) && taken.resources().contains(name))
                .toList();
        if (!conflicts.isEmpty()) {
            return Optional.of(new Conflict("ShortNamesConflict", conflicts));
        }
        Tree.carry(accepted, wanted, "shortNames");
        return Optional.empty();
    }
}
