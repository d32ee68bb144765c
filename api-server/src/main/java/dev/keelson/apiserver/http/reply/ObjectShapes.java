package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Instant;
import java.util.List;

/** One object in the shape that a client asked for. */
public record ObjectShapes(ResourceDefinition kind, Rendering rendering, TableShape.IncludeObject include) {

    /** The JSON bytes of an answer about one object. */
    public byte[] one(CachedObject object, Instant now) {
        return switch (rendering.shape()) {
            case OBJECT -> object.json();
            case PARTIAL -> partial(object, rendering.apiVersion());
            case TABLE -> {
                ObjectNode table =
                        new TableShape(kind, rendering.apiVersion(), include).table(List.of(object), now, true);
                table.putObject("metadata")
                        .put("resourceVersion", object.revision().toString());
                yield Trees.bytes(table);
            }
        };
    }

    /** The bytes of an object reduced to its metadata (meta.k8s.io PartialObjectMetadata). */
    public static byte[] partial(CachedObject object, String apiVersion) {
        return PartialBytes.of(object.json(), apiVersion);
    }

    /** The same of a tree. */
    public static ObjectNode partial(ObjectNode object, String apiVersion) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", apiVersion);
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
