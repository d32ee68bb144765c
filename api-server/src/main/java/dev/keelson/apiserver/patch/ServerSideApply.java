package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Server-side apply: the applied fields are merged into the live object and become the manager's; what it applied before
 * and leaves away now is removed; what others own with another value is a conflict.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-Side Apply</a>
 */
public final class ServerSideApply {
    private final Schemas schemas;
    private final Shapes shapes;
    private final OwnedFields fields;
    private final Overlay overlay;

    public ServerSideApply(Schemas schemas) {
        this.schemas = schemas;
        this.shapes = new Shapes(schemas);
        this.fields = new OwnedFields(shapes);
        this.overlay = new Overlay(fields);
    }

    /**
     * Returns the object to store, managed fields included; the arguments are not changed.
     *
     * @param live the stored state; an empty object when there is none
     * @param applied what the manager states
     * @param force whether to take fields that others own
     * @throws PatchException a conflict that names each field and its manager, or a malformed applied object
     */
    public ObjectNode apply(ObjectNode live, ObjectNode applied, FieldOwner owner, boolean force, Instant now) {
        ObjectNode wanted = checked(live, applied);
        Shape shape = shapes.ofObject(wanted);
        FieldSet stated = fields.of(wanted);
        String apiVersion = Tree.text(wanted, "apiVersion");

        List<ManagedEntry> others = new ArrayList<>();
        FieldSet before = FieldSet.empty();
        String time = ManagedFields.stamp(now);
        for (ManagedEntry entry : ManagedFields.read(live)) {
            if (entry.isBy(owner, ManagedEntry.APPLY, apiVersion)) {
                before = entry.fields();
                time = entry.fields().equals(stated) ? entry.time() : time;
            } else {
                others.add(entry);
            }
        }
        ObjectNode merged = (ObjectNode) overlay.merge(live, wanted, shape);
        others = settle(others, Difference.between(live, merged, fields, shapes).changed(), force);

        FieldSet kept = others.stream().map(ManagedEntry::fields).reduce(stated, FieldSet::union);
        new Removal(fields, kept).from(merged, shape, before.minus(stated));
        List<ManagedEntry> entries = new ArrayList<>(others);
        boolean changed = !withoutManagers(merged).equals(withoutManagers(live));
        entries.add(new ManagedEntry(
                owner, ManagedEntry.APPLY, apiVersion, changed ? ManagedFields.stamp(now) : time, stated));
        ManagedFields.write(merged, entries);
        return merged;
    }

    /**
     * Judges whether an object is of the type that it names, before anything that its type does not know is left out.
     *
     * @throws PatchException malformed, with everything that is against it
     */
    public void requireTyped(ObjectNode applied) {
        TypedCheck.problem(applied, schemas, shapes).ifPresent(problem -> {
            throw PatchException.malformed(
                    "failed to create typed patch object (%s): %s".formatted(shown(applied), problem));
        });
    }

    /** NAMESPACE/NAME; GROUP/VERSION, Kind=KIND as Kubernetes prints it: the slash stays where a part is empty. */
    private static String shown(ObjectNode wanted) {
        String version = Tree.text(wanted, "apiVersion");
        return "%s/%s; %s, Kind=%s"
                .formatted(
                        Tree.text(wanted, "metadata", "namespace"),
                        Tree.text(wanted, "metadata", "name"),
                        version.contains("/") ? version : "/" + version,
                        Tree.text(wanted, "kind"));
    }

    private ObjectNode checked(ObjectNode live, ObjectNode applied) {
        if (!Tree.at(applied, "metadata", "managedFields").isMissingNode()) {
            throw PatchException.malformed("metadata.managedFields must be nil");
        }
        for (String field : List.of("apiVersion", "kind")) {
            if (!Tree.has(applied, field)) {
                throw PatchException.malformed("the applied object must have " + field);
            }
            if (Tree.has(live, field) && !live.path(field).equals(applied.path(field))) {
                throw PatchException.malformed("the applied object has %s %s, but the stored one has %s"
                        .formatted(field, applied.path(field), live.path(field)));
            }
        }
        requireTyped(applied);
        ObjectNode wanted = applied.deepCopy();
        schemas.prune(wanted);
        return wanted;
    }

    /** Finds what others own of the changed fields: a conflict, or theirs no longer when forced. */
    private static List<ManagedEntry> settle(List<ManagedEntry> others, FieldSet changed, boolean force) {
        List<ManagedEntry> settled = new ArrayList<>();
        List<ApplyConflict> conflicts = new ArrayList<>();
        for (ManagedEntry entry : others) {
            FieldSet contested = entry.fields().intersection(changed);
            contested.paths().forEach(path -> conflicts.add(new ApplyConflict(entry.shown(), path)));
            settled.add(entry.withFields(entry.fields().minus(contested)));
        }
        if (!conflicts.isEmpty() && !force) {
            throw new PatchException(PatchException.Kind.CONFLICT, message(conflicts), conflicts);
        }
        return settled;
    }

    private static String message(List<ApplyConflict> conflicts) {
        if (conflicts.size() == 1) {
            return "Apply failed with 1 conflict: conflict with %s: %s"
                    .formatted(
                            conflicts.getFirst().manager(), conflicts.getFirst().field());
        }
        Map<String, List<ApplyConflict>> byManager = conflicts.stream()
                .collect(Collectors.groupingBy(ApplyConflict::manager, TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        byManager.forEach((manager, theirs) -> {
            lines.add("conflicts with " + manager + ":");
            theirs.forEach(conflict -> lines.add("- " + conflict.field()));
        });
        return "Apply failed with %d conflicts: %s".formatted(conflicts.size(), String.join("\n", lines));
    }

    private static ObjectNode withoutManagers(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Tree.object(copy, "metadata").ifPresent(metadata -> metadata.remove("managedFields"));
        return copy;
    }
}
