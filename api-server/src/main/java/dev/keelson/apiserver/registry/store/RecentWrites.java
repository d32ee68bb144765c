package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What this server has written last, for whoever changes it again before memory shows it. Such a change made of what memory
 * has would be refused by the database, and would cost all that are committed with it a second way.
 */
final class RecentWrites {
    /** More than clients write while memory catches up. */
    private static final int MOST = 256;
    /** Larger objects are not kept. */
    private static final int LARGEST_BYTES = 16 * 1024;

    private final SequencedMap<ObjectKey, Stored> last = new LinkedHashMap<>();

    synchronized void add(Stored written) {
        Stored known = last.get(written.key());
        if (known != null && known.revision().compareTo(written.revision()) > 0) {
            return;
        }
        if (written.json().length > LARGEST_BYTES) {
            last.remove(written.key());
            return;
        }
        last.putLast(written.key(), written);
        if (last.size() > MOST) {
            last.pollFirstEntry();
        }
    }

    synchronized void forget(ObjectKey deleted) {
        last.remove(deleted);
    }

    /** What was written after the state that memory shows. */
    synchronized Optional<Stored> since(CachedObject shown) {
        return Optional.ofNullable(last.get(shown.key()))
                .filter(written -> written.revision().compareTo(shown.revision()) > 0);
    }
}
