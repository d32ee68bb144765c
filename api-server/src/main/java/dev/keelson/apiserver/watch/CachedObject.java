package dev.keelson.apiserver.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import java.util.Optional;

/**
 * One version of an object in memory, shared by all readers and never changed.
 *
 * <p>{@link #json()} is what goes on the wire (with {@code metadata.resourceVersion}), serialized once;
 * {@link #tree()} is a parsed view made on demand: callers must not modify it (deepCopy first).
 */
public interface CachedObject {
    ObjectKey key();

    String uid();

    Revision revision();

    byte[] json();

    ObjectNode tree();

    /**
     * One label; empty when the object does not have it, or not as a text.
     *
     * @param utf8 the same key as bytes
     */
    default Optional<String> label(String key, byte[] utf8) {
        JsonNode value = tree().path("metadata").path("labels").path(key);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }
}
