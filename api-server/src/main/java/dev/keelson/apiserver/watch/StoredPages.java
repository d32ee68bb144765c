package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the store has, read in pieces for comparison. */
public interface StoredPages {
    /** The next objects after a key, ordered by group, resource, namespace and name; fewer than the limit at the end. */
    CompletionStage<List<Stored>> page(Sequence sequence, Optional<ObjectKey> after, int limit);

    CompletionStage<Optional<Stored>> find(ObjectKey key);
}
