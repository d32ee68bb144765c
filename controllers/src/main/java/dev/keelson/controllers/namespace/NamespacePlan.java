package dev.keelson.controllers.namespace;

import java.util.List;

/** What one pass does to a namespace that is being deleted. */
sealed interface NamespacePlan {

    /** Nothing to do: it is not being deleted, or has been finalized. */
    record Leave() implements NamespacePlan {}

    /** Delete these contents and look again; objects that are already going only have to be waited for. */
    record Empty(List<Content> delete, int waiting) implements NamespacePlan {
        public Empty {
            delete = List.copyOf(delete);
        }
    }

    /** Nothing is left in it. */
    record Complete() implements NamespacePlan {}

    /**
     * One object in the namespace.
     *
     * @param plural its resource type
     * @param finalizers whether somebody else still holds it
     */
    record Content(String plural, String name, String uid, boolean deleting, boolean finalizers) {}
}
