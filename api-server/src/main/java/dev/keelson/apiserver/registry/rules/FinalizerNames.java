package dev.keelson.apiserver.registry.rules;

import java.util.Optional;
import java.util.Set;

/** Finalizers of built-in kinds: none that any two programs could both mean (core's {@code validateKubeFinalizerName}). */
public final class FinalizerNames {
    private static final Set<String> STANDARD = Set.of("kubernetes", "orphan", "foregroundDeletion");

    private FinalizerNames() {}

    /** What is wrong with a finalizer that is a qualified name, if anything. */
    public static Optional<String> problem(String finalizer) {
        return finalizer.contains("/") || STANDARD.contains(finalizer)
                ? Optional.empty()
                : Optional.of("name is neither a standard finalizer name nor is it fully qualified");
    }
}
