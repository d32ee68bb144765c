package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The owners of an object whose update may leave them as they are: most updates give fields another value that were their
 * manager's before. Then only the time of one entry is another, and no set of fields needs to be read or written.
 *
 * @param entries as the object has them stored
 */
record SameOwners(List<JsonNode> entries) {

    /** Empty when the client sends other owners than are stored. */
    static Optional<SameOwners> of(ObjectNode old, ObjectNode updated) {
        JsonNode stored = Tree.at(old, "metadata", "managedFields");
        JsonNode sent = Tree.at(updated, "metadata", "managedFields");
        boolean same = sent.isMissingNode() || sent.isNull() || sent.equals(stored);
        return same && !stored.isEmpty() && stored.size() <= ManagedFields.MAX_UPDATERS
                ? Optional.of(new SameOwners(stored.valueStream().toList()))
                : Optional.empty();
    }

    /** The entries after a change by an owner; empty when the change is not only to fields that this owner alone has. */
    Optional<ArrayNode> after(Difference difference, FieldOwner owner, String apiVersion, String time) {
        FieldSet changed = difference.changed();
        List<JsonNode> own =
                entries.stream().filter(entry -> isBy(entry, owner, apiVersion)).toList();
        boolean kept = own.size() == 1
                && difference.removed().isEmpty()
                && !changed.isEmpty()
                && changed.isWithin(own.getFirst().path("fieldsV1"))
                && entries.stream()
                        .noneMatch(entry -> entry != own.getFirst() && changed.meets(entry.path("fieldsV1")));
        return kept ? Optional.of(with(own.getFirst(), time)) : Optional.empty();
    }

    private static boolean isBy(JsonNode entry, FieldOwner owner, String apiVersion) {
        return Tree.text(entry, "operation").equals(ManagedEntry.UPDATE)
                && Tree.text(entry, "apiVersion").equals(apiVersion)
                && Tree.text(entry, "manager").equals(owner.manager())
                && Tree.text(entry, "subresource").equals(owner.subresource())
                && entry.has("time");
    }

    private ArrayNode with(JsonNode own, String time) {
        ObjectNode later = ((ObjectNode) own).objectNode();
        later.setAll((ObjectNode) own);
        later.put("time", time);
        List<JsonNode> all = new ArrayList<>(entries);
        all.set(all.indexOf(own), later);
        all.sort(ManagedEntry.ORDER);
        return later.arrayNode().addAll(all);
    }
}
