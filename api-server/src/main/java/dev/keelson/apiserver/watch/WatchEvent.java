package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import java.util.Optional;

/**
 * One committed change, as the log has it.
 *
 * @param previous the object before the change, for selectors that the change moves it in or out of; empty on create
 */
public record WatchEvent(
        Type type, ObjectKey key, Revision revision, CachedObject object, Optional<CachedObject> previous) {
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
