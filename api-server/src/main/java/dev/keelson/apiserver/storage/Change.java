package dev.keelson.apiserver.storage;

import java.util.Optional;

/**
 * One committed change of one object, as the revision log has it.
 *
 * @param object the object after the change; for a deletion its last state, at the revision of the deletion
 * @param previous the object before the change where the reader asked for it and history still has it
 */
public record Change(Kind kind, Stored object, Optional<Stored> previous) {
    public enum Kind {
        CREATED,
        UPDATED,
        DELETED
    }

    public ObjectKey key() {
        return object.key();
    }

    public Revision revision() {
        return object.revision();
    }
}
