package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Body;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Rendering.Shape;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.watch.CachedObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A list in the shape that a client asked for. A large one is made while the client takes it: objects are already held as
 * the bytes that are sent, and a client that reads slowly must not hold a copy of all of them.
 */
record ListBody(ApiRequest request, Instant now) {
    /** Lists of smaller objects are made at once. */
    private static final long LARGE = 128 * 1024;

    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    Body of(ListHandler.Chunk chunk) {
        return switch (request.rendering().shape()) {
            case OBJECT -> body(chunk, head(request.kind()), "items", CachedObject::json);
            case PARTIAL -> {
                String apiVersion = request.rendering().apiVersion();
                ObjectNode head = head("PartialObjectMetadataList", apiVersion);
                yield body(chunk, head, "items", object -> ObjectShapes.partial(object, apiVersion));
            }
            case TABLE -> {
                var include = TableShape.IncludeObject.parse(request.query().text("includeObject"));
                TableShape table =
                        new TableShape(request.kind(), request.rendering().apiVersion(), include);
                yield body(chunk, table.head(true), "rows", table.rows(now).andThen(Trees::bytes));
            }
        };
    }

    private Body body(ListHandler.Chunk chunk, ObjectNode head, String field, Function<CachedObject, byte[]> element) {
        head.set("metadata", metadata(chunk));
        byte[] json = Trees.bytes(head);
        byte[] opening = (new String(json, 0, json.length - 1, StandardCharsets.UTF_8) + ",\"" + field + "\":[")
                .getBytes(StandardCharsets.UTF_8);
        long objects =
                chunk.objects().stream().mapToLong(o -> o.json().length + 1).sum();
        OptionalLong size = request.rendering().shape() == Shape.OBJECT
                ? OptionalLong.of(opening.length + Math.max(0, objects - 1) + END.length)
                : OptionalLong.empty();
        Body body = new Body.Written(size, out -> write(out, opening, chunk, element));
        return objects < LARGE ? new Body.Whole(body.bytes()) : body;
    }

    private static void write(
            OutputStream out, byte[] opening, ListHandler.Chunk chunk, Function<CachedObject, byte[]> element)
            throws IOException {
        out.write(opening);
        boolean first = true;
        for (CachedObject object : chunk.objects()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.write(element.apply(object));
        }
        out.write(END);
    }

    private static ObjectNode head(ResourceDefinition kind) {
        return head(kind.kind() + "List", kind.apiVersion());
    }

    private static ObjectNode head(String kind, String apiVersion) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
    }

    private static ObjectNode metadata(ListHandler.Chunk chunk) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("resourceVersion", chunk.revision().toString());
        if (!chunk.next().isEmpty()) {
            metadata.put("continue", chunk.next());
        }
        if (chunk.remaining() > 0) {
            metadata.put("remainingItemCount", chunk.remaining());
        }
        return metadata;
    }
}
