package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.watch.CachedObject;
import java.util.List;
import java.util.Set;

/** A kind whose objects are worked out when they are asked for, and never stored: they can be got and listed. */
public record ComputedKind(UnstoredKind kind, Source source) {
    private static final List<String> VERBS = List.of("get", "list");

    /** Works objects out. Waits for others, so only for virtual threads. */
    public interface Source {
        /**
         * @param namespace empty for all, and for a kind without namespaces
         * @param name empty for all
         */
        List<CachedObject> objects(String namespace, String name);
    }

    /** @param columns what a Table shows after the name */
    public static UnstoredKind kind(
            String group, String version, String kind, String plural, boolean namespaced, List<Column> columns) {
        ResourceDefinition definition = new ResourceDefinition(
                group,
                version,
                kind,
                plural,
                "",
                List.of(),
                List.of(),
                namespaced,
                Set.of(),
                new Unstored(),
                columns,
                Set.of());
        return new UnstoredKind(definition, VERBS);
    }
}
