package dev.keelson.apiserver.registry;

import java.util.List;

/**
 * A kind whose objects exist only in answers.
 *
 * @param verbs what can be done with it
 */
public record UnstoredKind(ResourceDefinition definition, List<String> verbs) {
    private static final List<String> CREATE = List.of("create");

    public UnstoredKind {
        verbs = List.copyOf(verbs);
    }

    /** A question or an order, which is answered when it is created. */
    public static UnstoredKind created(ResourceDefinition definition) {
        return new UnstoredKind(definition, CREATE);
    }

    /** Whether a path leads to this kind. */
    public boolean is(String group, String version, String plural) {
        return definition.group().equals(group)
                && definition.version().equals(version)
                && definition.plural().equals(plural);
    }
}
