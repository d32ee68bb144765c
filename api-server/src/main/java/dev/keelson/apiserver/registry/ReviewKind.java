package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import java.util.List;
import java.util.Set;

/** A kind that is a question: it can be created, is answered in its status, and is never stored. */
public record ReviewKind(ResourceDefinition definition, Review review) {

    /** Answers one question. */
    public interface Review {
        /** @param question a copy that becomes the answer */
        ObjectNode answer(User user, ObjectNode question);
    }

    /** A cluster-scoped review. */
    public static ReviewKind of(String group, String kind, String plural, Review review) {
        return new ReviewKind(definition(group, kind, plural, false), review);
    }

    /** A review within one namespace, which its question's metadata then names. */
    public static ReviewKind namespaced(String group, String kind, String plural, Review review) {
        return new ReviewKind(definition(group, kind, plural, true), review);
    }

    /** A cluster-scoped kind that can be created and is not stored. */
    public static ResourceDefinition definition(String group, String kind, String plural) {
        return definition(group, kind, plural, false);
    }

    private static ResourceDefinition definition(String group, String kind, String plural, boolean namespaced) {
        return new ResourceDefinition(
                group,
                "v1",
                kind,
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                List.of(),
                List.of(),
                namespaced,
                Set.of(),
                new Unstored(),
                List.of(),
                Set.of());
    }
}
