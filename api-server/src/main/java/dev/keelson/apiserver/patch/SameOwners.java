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
        if (changed.isEmpty() || !difference.removed().isEmpty()) {
            return Optional.empty();
        }
        int own = -1;
        for (int i = 0; i < entries.size(); i++) {
            JsonNode fields = entries.get(i).path("fieldsV1");
            if (isBy(entries.get(i), owner, apiVersion)) {
                if (own >= 0 || !changed.isWithin(fields)) {
                    return Optional.empty();
                }
                own = i;
            } else if (changed.meets(fields)) {
                return Optional.empty();
            }
        }
        return own < 0 ? Optional.empty() : Optional.of(with(own, time));
    }

    private static boolean isBy(JsonNode entry, FieldOwner owner, String apiVersion) {
        return Tree.text(entry, "operation").equals(ManagedEntry.UPDATE)
                && Tree.text(entry, "apiVersion").equals(apiVersion)
                && Tree.text(entry, "manager").equals(owner.manager())
                && Tree.text(entry, "subresource").equals(owner.subresource())
                && entry.has("time");
    }

    private ArrayNode with(int own, String time) {
        ObjectNode before = (ObjectNode) entries.get(own);
        ObjectNode later = before.objectNode();
        later.setAll(before);
        later.put("time", time);
        List<JsonNode> all = new ArrayList<>(entries);
        all.set(own, later);
        all.sort(ManagedEntry.ORDER);
        return later.arrayNode().addAll(all);
    }
}
