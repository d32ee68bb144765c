package dev.keelson.apiserver.registry;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A kind as the API server serves it: a declaration, never a handler of its own.
 *
 * @param group API group, empty for core
 * @param categories groups of resources such as {@code all}
 * @param subresources parts with a path of their own
 * @param strategy defaults, validation and what the server decides about fields
 * @param columns what a Table shows after the name, or all of it when one column is itself called Name; wide columns
 *     have a priority above 0
 * @param selectableFields dotted paths that a field selector may use besides metadata.name and metadata.namespace
 */
public record ResourceDefinition(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        Set<Subresource> subresources,
        ResourceStrategy strategy,
        List<Column> columns,
        Set<String> selectableFields) {

    /** Paths below an object that the machinery knows how to serve. */
    public enum Subresource {
        STATUS,
        SCALE,
        BINDING,
        EVICTION,
        LOG,
        EXEC,
        ATTACH,
        PORTFORWARD,
        PROXY,
        FINALIZE,
        TOKEN,
        APPROVAL,
        EPHEMERALCONTAINERS,
        RESIZE
    }

    public ResourceDefinition {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = Set.copyOf(subresources);
        columns = List.copyOf(columns);
        // In their order: OpenAPI shows them in the order of the declaration.
        selectableFields = Collections.unmodifiableSet(new LinkedHashSet<>(selectableFields));
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The group in the keys of stored objects; the kind's own unless it is a view of another kind's objects. */
    public String storageGroup() {
        return strategy.storageGroup().orElse(group);
    }
}
