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

    /** What one label says; empty when the object does not have it, or not as a text. */
    default Optional<String> label(LabelTest label) {
        JsonNode value = tree().path("metadata").path("labels").path(label.key());
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    default boolean has(LabelTest label) {
        return label(label).filter(label::accepts).isPresent();
    }
}
