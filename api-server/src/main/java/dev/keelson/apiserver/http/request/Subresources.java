package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import java.util.Locale;
import java.util.Optional;

/** The names of subresources in paths. */
public final class Subresources {
    private Subresources() {}

    /** {@code status}, {@code portforward} … */
    public static String word(Subresource part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The part that the path names; empty for the object itself. A part that the kind lacks is a path to nowhere; of
     * custom kinds, Kubernetes names the object.
     */
    public static Optional<Subresource> parse(ResourceDefinition kind, String name, String word) {
        if (word.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(kind.subresources().stream()
                .filter(part -> word(part).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        kind.strategy().isBuiltIn() ? ApiFailure.noSuchResource() : ApiFailure.notFound(kind, name)));
    }
}
