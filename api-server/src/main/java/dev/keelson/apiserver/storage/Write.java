package dev.keelson.apiserver.storage;

/** One change to one object, with what must be true for it to happen. */
public sealed interface Write {

    ObjectKey key();

    /** Fails with {@code ALREADY_EXISTS} when the key is taken. */
    record Create(ObjectKey key, String uid, byte[] json) implements Write {}

    /** Fails with {@code CONFLICT} unless the object's revision is the expected one, {@code NOT_FOUND} without one. */
    record Update(ObjectKey key, Revision expected, byte[] json) implements Write {}

    /** Same preconditions as an update; {@code json} is the object's last state, which the DELETED event carries. */
    record Delete(ObjectKey key, Revision expected, byte[] json) implements Write {}
}
