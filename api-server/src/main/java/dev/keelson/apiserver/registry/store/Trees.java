package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.codec.CollectedBytes;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.storage.ResourceVersion;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.StoredJson;
import dev.keelson.apiserver.watch.CachedObject;
import java.io.IOException;

/** Between the bytes that storage keeps and the trees that rules work on. Numbers keep the digits they came with. */
public final class Trees {
    private Trees() {}

    /** Bytes for storage: without a resourceVersion, which the commit alone decides. */
    static byte[] toStore(ObjectNode tree) {
        ObjectNode metadata = tree.objectNode();
        metadata.setAll(Meta.of(tree));
        metadata.remove("resourceVersion");
        ObjectNode copy = tree.objectNode();
        copy.setAll(tree);
        copy.set("metadata", metadata);
        return bytes(copy);
    }

    public static byte[] bytes(JsonNode tree) {
        CollectedBytes bytes = new CollectedBytes();
        try (JsonGenerator generator = StoredJson.MAPPER.createGenerator(bytes)) {
            StoredJson.MAPPER.writeTree(generator, tree);
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.INTERNAL, "cannot write an object as JSON", e);
        }
        return bytes.all();
    }

    public static ObjectNode parse(byte[] json) {
        try {
            return (ObjectNode) StoredJson.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.INTERNAL, "a stored object is not JSON", e);
        }
    }

    /** Whether two trees say the same; 1 is 1 whatever Java type holds it. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals(JsonNumbers::compare, other);
    }

    public static CachedObject served(Stored stored) {
        return served(stored, parse(stored.json()));
    }

    /** @param tree what the stored bytes say; it gets the revision */
    static CachedObject served(Stored stored, ObjectNode tree) {
        Meta.setResourceVersion(tree, stored.revision());
        byte[] json = ResourceVersion.splice(stored.json(), stored.revision());
        return new ServedObject(stored.key(), stored.uid(), stored.revision(), json, tree);
    }
}
