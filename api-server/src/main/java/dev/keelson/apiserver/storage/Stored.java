package dev.keelson.apiserver.storage;

/**
 * An object as it was committed.
 *
 * @param json exact bytes, without a resourceVersion
 * @param revision the object's resourceVersion
 */
public record Stored(ObjectKey key, String uid, Revision revision, byte[] json) {}
