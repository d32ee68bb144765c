package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of paths into an object, as {@code fieldsV1} writes it: steps are {@code f:name}, {@code k:{keys}} or
 * {@code v:value}. Immutable.
 *
 * @param member whether the path that leads here is itself in the set
 */
record FieldSet(boolean member, Map<String, FieldSet> children) {
    private static final String SELF = ".";
    private static final FieldSet EMPTY = new FieldSet(false, Map.of());
    private static final FieldSet LEAF = new FieldSet(true, Map.of());
    private static final int MAX_DEPTH = 160;

    FieldSet {
        // Sorted, so that equal sets are written with equal bytes.
        children = java.util.Collections.unmodifiableMap(new TreeMap<>(children));
    }

    static FieldSet empty() {
        return EMPTY;
    }

    static FieldSet leaf() {
        return LEAF;
    }

    static FieldSet of(boolean member, Map<String, FieldSet> children) {
        Map<String, FieldSet> kept = new TreeMap<>();
        children.forEach((step, child) -> {
            if (!child.isEmpty()) {
                kept.put(step, child);
            }
        });
        return new FieldSet(member, kept);
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    FieldSet child(String step) {
        return children.getOrDefault(step, EMPTY);
    }

    FieldSet union(FieldSet other) {
        Map<String, FieldSet> all = new TreeMap<>(children);
        other.children.forEach((step, child) -> all.merge(step, child, FieldSet::union));
        return of(member || other.member, all);
    }

    FieldSet intersection(FieldSet other) {
        Map<String, FieldSet> both = new TreeMap<>();
        children.forEach((step, child) -> both.put(step, child.intersection(other.child(step))));
        return of(member && other.member, both);
    }

    /** Removes the other's paths. */
    FieldSet minus(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        Map<String, FieldSet> rest = new TreeMap<>();
        children.forEach((step, child) -> rest.put(step, child.minus(other.child(step))));
        return of(member && !other.member, rest);
    }

    /** Removes the other's paths and everything below them. */
    FieldSet minusBelow(FieldSet other) {
        if (other.member) {
            return EMPTY;
        }
        Map<String, FieldSet> rest = new TreeMap<>();
        children.forEach((step, child) -> rest.put(step, child.minusBelow(other.child(step))));
        return of(member, rest);
    }

    /** Whether {@code fieldsV1} names each path of this set. */
    boolean isWithin(JsonNode fieldsV1) {
        for (Map.Entry<String, FieldSet> child : children.entrySet()) {
            JsonNode named = fieldsV1.path(child.getKey());
            boolean missing = child.getValue().member && !isMember(named);
            if (missing || !child.getValue().isWithin(named)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code fieldsV1} names a path of this set. */
    boolean meets(JsonNode fieldsV1) {
        for (Map.Entry<String, FieldSet> child : children.entrySet()) {
            JsonNode named = fieldsV1.path(child.getKey());
            boolean both = child.getValue().member && isMember(named);
            if (both || child.getValue().meets(named)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMember(JsonNode named) {
        return named.isObject() && (named.isEmpty() || named.has(SELF));
    }

    /** Every path of the set, as messages show it: {@code .spec.containers[name="web"].image}. */
    List<String> paths() {
        List<String> found = new ArrayList<>();
        collect("", found);
        return found;
    }

    private void collect(String prefix, List<String> found) {
        if (member) {
            found.add(prefix);
        }
        children.forEach((step, child) -> child.collect(prefix + PathStep.shown(step), found));
    }

    /** The value of {@code fieldsV1}. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            json.putObject(SELF);
        }
        children.forEach((step, child) -> json.set(step, child.toJson()));
        return json;
    }

    /** Reads {@code fieldsV1} of a whole object; what is not one counts as empty. */
    static FieldSet fromJson(JsonNode fieldsV1) {
        return of(false, fromJson(fieldsV1, 0).children);
    }

    private static FieldSet fromJson(JsonNode json, int depth) {
        Map<String, FieldSet> children = new TreeMap<>();
        if (depth < MAX_DEPTH) {
            json.properties().forEach(entry -> {
                if (!entry.getKey().equals(SELF)) {
                    children.put(entry.getKey(), fromJson(entry.getValue(), depth + 1));
                }
            });
        }
        return of(children.isEmpty() || json.has(SELF), children);
    }
}
