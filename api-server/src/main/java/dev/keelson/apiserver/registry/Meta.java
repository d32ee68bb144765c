package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.Revision;
import java.util.Optional;

/** Reads and sets the metadata of an object tree (meta.k8s.io/v1 ObjectMeta); an absent string reads as empty. */
public final class Meta {
    private Meta() {}

    /** The metadata, created when the object has none. */
    public static ObjectNode of(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            return metadata;
        }
        return object.putObject("metadata");
    }

    public static String name(ObjectNode object) {
        return text(object, "name");
    }

    public static String namespace(ObjectNode object) {
        return text(object, "namespace");
    }

    public static String uid(ObjectNode object) {
        return text(object, "uid");
    }

    public static String resourceVersion(ObjectNode object) {
        return text(object, "resourceVersion");
    }

    public static boolean deleting(ObjectNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    public static boolean hasFinalizers(ObjectNode object) {
        return !object.path("metadata").path("finalizers").isEmpty();
    }

    /** Seconds that a deletion leaves, when one was asked for. */
    public static Optional<Long> deletionGrace(ObjectNode object) {
        JsonNode grace = object.path("metadata").path("deletionGracePeriodSeconds");
        return grace.isIntegralNumber() ? Optional.of(grace.asLong()) : Optional.empty();
    }

    public static void setResourceVersion(ObjectNode object, Revision revision) {
        of(object).put("resourceVersion", revision.toString());
    }

    /** Takes a field over from another version of the object; absent there means absent here. */
    public static void carry(ObjectNode target, ObjectNode source, String field) {
        JsonNode value = source.path("metadata").path(field);
        if (value.isMissingNode() || value.isNull()) {
            of(target).remove(field);
        } else {
            of(target).set(field, value);
        }
    }

    private static String text(ObjectNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }
}
