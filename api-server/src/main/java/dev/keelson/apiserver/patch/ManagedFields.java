package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Keeps {@code metadata.managedFields} true after writes that are not applies: who changes a field owns it.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management">Field management</a>
 */
public final class ManagedFields {
    static final int MAX_UPDATERS = 10;
    private static final String ANCIENT = "ancient-changes";

    private final Shapes shapes;
    private final OwnedFields fields;

    public ManagedFields(Schemas schemas) {
        this.shapes = new Shapes(schemas);
        this.fields = new OwnedFields(shapes);
    }

    /**
     * Sets the managed fields of an object that a create or update is about to store.
     *
     * @param old the state before; an empty object on create
     */
    public void track(ObjectNode old, ObjectNode updated, FieldOwner owner, Instant now) {
        Difference difference = Difference.between(old, updated, fields, shapes);
        Optional<ArrayNode> same = SameOwners.of(old, updated)
                .flatMap(owners -> owners.after(difference, owner, Tree.text(updated, "apiVersion"), stamp(now)));
        if (same.isPresent()) {
            Tree.child(updated, "metadata").set("managedFields", same.get());
        } else {
            trackAnew(old, updated, difference, owner, now);
        }
    }

    /** For changes that may move fields from one owner to another. */
    void trackAnew(ObjectNode old, ObjectNode updated, Difference difference, FieldOwner owner, Instant now) {
        List<ManagedEntry> entries = wantsReset(updated) ? List.of() : read(sentOwners(updated) ? updated : old);
        String apiVersion = Tree.text(updated, "apiVersion");
        if (difference.changed().isEmpty() && difference.removed().isEmpty()) {
            write(updated, entries);
            return;
        }
        List<ManagedEntry> result = new ArrayList<>();
        FieldSet own = FieldSet.empty();
        for (ManagedEntry entry : entries) {
            if (entry.isBy(owner, ManagedEntry.UPDATE, apiVersion)) {
                own = entry.fields();
            } else {
                result.add(entry.withFields(
                        entry.fields().minus(difference.changed()).minusBelow(difference.removed())));
            }
        }
        FieldSet owned = own.union(difference.changed()).minusBelow(difference.removed());
        result.add(new ManagedEntry(owner, ManagedEntry.UPDATE, apiVersion, stamp(now), owned));
        write(updated, foldOldest(result));
    }

    /** A client forgets all owners by sending one empty entry. */
    private static boolean wantsReset(ObjectNode updated) {
        JsonNode sent = Tree.at(updated, "metadata", "managedFields");
        return sent.isArray()
                && (sent.isEmpty() || sent.size() == 1 && sent.get(0).isEmpty());
    }

    /** Clients may rewrite who owns what (kubectl does, when it goes over to server-side apply); nonsense is ignored. */
    private static boolean sentOwners(ObjectNode updated) {
        JsonNode sent = Tree.at(updated, "metadata", "managedFields");
        return sent.isArray() && !sent.isEmpty() && sent.valueStream().allMatch(ManagedEntry::isReadable);
    }

    static List<ManagedEntry> read(ObjectNode object) {
        return Tree.objects(object, "metadata", "managedFields").stream()
                .map(ManagedEntry::fromJson)
                .toList();
    }

    static void write(ObjectNode object, List<ManagedEntry> entries) {
        ObjectNode metadata = Tree.child(object, "metadata");
        ArrayNode list = metadata.arrayNode();
        entries.stream()
                .filter(entry -> !entry.fields().isEmpty())
                .map(ManagedEntry::toJson)
                .sorted(ManagedEntry.ORDER)
                .forEach(list::add);
        if (list.isEmpty()) {
            metadata.remove("managedFields");
        } else {
            metadata.set("managedFields", list);
        }
    }

    static String stamp(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Many short-lived writers must not make the object grow without end. */
    private static List<ManagedEntry> foldOldest(List<ManagedEntry> entries) {
        List<ManagedEntry> updaters = entries.stream()
                .filter(entry -> entry.operation().equals(ManagedEntry.UPDATE)
                        && !entry.fields().isEmpty())
                .sorted(Comparator.comparing(ManagedEntry::time))
                .toList();
        int surplus = updaters.size() - MAX_UPDATERS;
        if (surplus <= 0) {
            return entries;
        }
        List<ManagedEntry> oldest = updaters.subList(0, surplus + 1);
        FieldSet all = oldest.stream().map(ManagedEntry::fields).reduce(FieldSet.empty(), FieldSet::union);
        ManagedEntry newest = oldest.getLast();
        List<ManagedEntry> result = new ArrayList<>(entries);
        result.removeAll(oldest);
        result.add(
                new ManagedEntry(FieldOwner.of(ANCIENT), ManagedEntry.UPDATE, newest.apiVersion(), newest.time(), all));
        return result;
    }
}
