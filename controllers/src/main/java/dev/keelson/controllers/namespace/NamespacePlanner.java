package dev.keelson.controllers.namespace;

import dev.keelson.controllers.namespace.NamespacePlan.Complete;
import dev.keelson.controllers.namespace.NamespacePlan.Content;
import dev.keelson.controllers.namespace.NamespacePlan.Empty;
import dev.keelson.controllers.namespace.NamespacePlan.Leave;
import java.util.List;

/** Decides the next step of a namespace's deletion. */
final class NamespacePlanner {
    private NamespacePlanner() {}

    /**
     * @param deleting whether the namespace has a deletion timestamp
     * @param finalized whether our finalizer is no longer on it
     * @param contents everything in it, as the server lists it now
     */
    static NamespacePlan plan(boolean deleting, boolean finalized, List<Content> contents) {
        if (!deleting || finalized) {
            return new Leave();
        }
        if (contents.isEmpty()) {
            return new Complete();
        }
        List<Content> delete =
                contents.stream().filter(content -> !content.deleting()).toList();
        return new Empty(delete, contents.size() - delete.size());
    }
}
