package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.StorageException;
import java.util.Base64;

/**
 * Where a list stopped: opaque to clients.
 *
 * @param revision what the whole list reflects; negative when consistency was given up
 * @param namespace of the last object that was sent
 * @param name of the last object that was sent
 */
record ContinueToken(long revision, String namespace, String name) {
    private static final String VERSION = "keelson/v1";

    static ContinueToken parse(String text) {
        try {
            ObjectNode tree = Trees.parse(Base64.getUrlDecoder().decode(text));
            if (tree.path("v").asText().equals(VERSION)) {
                return new ContinueToken(
                        tree.path("rv").asLong(),
                        tree.path("ns").asText(),
                        tree.path("name").asText());
            }
        } catch (IllegalArgumentException | ClassCastException | StorageException e) {
            // Falls through: whatever is wrong with it, the client can only start again.
        }
        throw ApiFailure.badRequest(
                "invalid continue token: continue key is not valid: it is not one that this server gave out");
    }

    String encode() {
        ObjectNode tree = JsonNodeFactory.instance
                .objectNode()
                .put("v", VERSION)
                .put("rv", revision)
                .put("ns", namespace)
                .put("name", name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Trees.bytes(tree));
    }

    boolean consistent() {
        return revision >= 0;
    }

    ContinueToken withoutConsistency() {
        return new ContinueToken(-1, namespace, name);
    }
}
