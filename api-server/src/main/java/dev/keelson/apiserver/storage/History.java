package dev.keelson.apiserver.storage;

import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What was true before now, for resources of the revision log. It reaches back as far as the retention window; older
 * questions fail with {@code EXPIRED}.
 */
public interface History {

    /** The newest revision at that moment. */
    CompletionStage<Revision> revisionAt(Instant moment);

    /**
     * Objects of a resource as they were at a revision, ordered by namespace and name. Of a commit that lies across the
     * revision nothing is seen.
     *
     * @param namespace only this one; empty for all
     * @param name only this one; empty for all
     */
    CompletionStage<List<Stored>> objects(Scope scope, String namespace, String name, Revision revision);

    /**
     * Changes of one object before a revision, newest first; an object that was deleted and created again goes on with
     * its predecessors of the same name. What is older than the retention window is left out.
     *
     * @param limit most changes in the answer
     */
    CompletionStage<List<PastChange>> changes(ObjectKey key, Revision before, int limit);
}
