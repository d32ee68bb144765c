package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;

/** An object that was just written or read from the database, in the shape of a cached one. */
record ServedObject(ObjectKey key, String uid, Revision revision, byte[] json, ObjectNode tree)
        implements CachedObject {}
