package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.MappedSuperclass;

/** What the tables of current objects have in common. Rows are written by the functions of group commit only. */
@MappedSuperclass
abstract class CurrentState {
    @EmbeddedId
    KeyColumns id;

    String uid;
    long revision;
    byte[] json;

    Stored stored() {
        return new Stored(id.key(), uid, new Revision(revision), json);
    }
}
