package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * Things of which there is one in the cluster, each held by an object of its own in storage. Creating that object in
 * the same commit as its owner is what makes a double hand-out impossible, also between two API servers: the second
 * commit fails as a whole. It goes in the commit that removes the owner. It is not part of the served API.
 *
 * @param resource what is reserved, such as {@code serviceips}
 */
record Reservations(WatchCache cache, String resource) {
    private static final String GROUP = "internal.keelson.dev";

    boolean taken(String name) {
        return cache.get(key(name)).isPresent();
    }

    /** Whether the thing is held by someone else. */
    boolean takenByOther(String name, String owner) {
        return cache.get(key(name)).filter(held -> !owner(held).equals(owner)).isPresent();
    }

    Write reserve(String name, String owner) {
        String uid = UUID.randomUUID().toString();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", GROUP + "/v1").put("kind", "Reservation");
        object.putObject("metadata").put("name", name).put("uid", uid);
        object.put("owner", owner);
        return new Write.Create(key(name), uid, object.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The write that gives the thing back; empty when the owner does not hold it. */
    Optional<Write> release(String name, String owner) {
        return cache.get(key(name))
                .filter(held -> owner(held).equals(owner))
                .map(held -> new Write.Delete(key(name), held.revision(), bytes(held)));
    }

    private static byte[] bytes(CachedObject held) {
        ObjectNode last = held.tree().deepCopy();
        last.withObject("/metadata").remove("resourceVersion");
        return last.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String owner(CachedObject held) {
        return held.tree().path("owner").asText();
    }

    private ObjectKey key(String name) {
        return new ObjectKey(GROUP, resource, "", name);
    }
}
