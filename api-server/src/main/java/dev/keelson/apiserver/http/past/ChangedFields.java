package dev.keelson.apiserver.http.past;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fields in which two states of an object differ, for people: paths of a few steps, and not too many. Pure. */
final class ChangedFields {
    private static final int DEEPEST = 4;
    private static final int MOST = 4;
    /** Bookkeeping that every write changes. */
    private static final Set<String> NOT_TOLD =
            Set.of("metadata.managedFields", "metadata.generation", "metadata.resourceVersion");

    private ChangedFields() {}

    static String between(ObjectNode before, ObjectNode after) {
        List<String> paths = new ArrayList<>();
        collect("", before, after, 1, paths);
        String shown = String.join(", ", paths.subList(0, Math.min(MOST, paths.size())));
        return paths.size() > MOST ? shown + " and %d more".formatted(paths.size() - MOST) : shown;
    }

    private static void collect(String at, JsonNode before, JsonNode after, int depth, List<String> paths) {
        Set<String> names = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String path = at.isEmpty() ? name : at + "." + name;
            JsonNode old = before.path(name);
            JsonNode updated = after.path(name);
            if (old.equals(updated) || NOT_TOLD.contains(path)) {
                continue;
            }
            if (old.isObject() && updated.isObject() && depth < DEEPEST) {
                collect(path, old, updated, depth + 1, paths);
            } else {
                paths.add(path);
            }
        }
    }
}
