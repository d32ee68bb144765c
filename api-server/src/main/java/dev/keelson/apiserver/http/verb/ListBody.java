package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Body;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.watch.CachedObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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

    /** How an object of the list is written. */
    private interface Item {
        void write(OutputStream out, CachedObject object) throws IOException;

        /** How many bytes that will be, for items of which it is known before. */
        OptionalLong length(CachedObject object);
    }

    /** Made one by one while they are written. */
    private record Made(Function<CachedObject, byte[]> bytes) implements Item {
        @Override
        public void write(OutputStream out, CachedObject object) throws IOException {
            out.write(bytes.apply(object));
        }

        @Override
        public OptionalLong length(CachedObject object) {
            return OptionalLong.empty();
        }
    }

    /** The bytes that are held. */
    private enum Held implements Item {
        WHOLE {
            @Override
            public void write(OutputStream out, CachedObject object) throws IOException {
                out.write(object.json());
            }

            @Override
            public OptionalLong length(CachedObject object) {
                return OptionalLong.of(object.json().length);
            }
        },
        /** Without what the list says already. */
        OF_TYPED_LIST {
            @Override
            public void write(OutputStream out, CachedObject object) throws IOException {
                new ListItem(object.json()).writeTo(out);
            }

            @Override
            public OptionalLong length(CachedObject object) {
                return OptionalLong.of(new ListItem(object.json()).length());
            }
        }
    }

    Body of(ListHandler.Chunk chunk) {
        return switch (request.rendering().shape()) {
            case OBJECT -> {
                // As in Kubernetes, where only custom objects are more than the fields of a type.
                boolean typed = request.kind().strategy().isBuiltIn();
                yield body(chunk, head(request.kind()), "items", typed ? Held.OF_TYPED_LIST : Held.WHOLE);
            }
            case PARTIAL -> {
                String apiVersion = request.rendering().apiVersion();
                ObjectNode head = head("PartialObjectMetadataList", apiVersion);
                yield body(chunk, head, "items", new Made(object -> ObjectShapes.partial(object, apiVersion)));
            }
            case TABLE -> {
                var include = TableShape.IncludeObject.parse(request.query().text("includeObject"));
                TableShape table =
                        new TableShape(request.kind(), request.rendering().apiVersion(), include);
                yield body(
                        chunk,
                        table.head(true),
                        "rows",
                        new Made(table.rows(now).andThen(Trees::bytes)));
            }
        };
    }

    private Body body(ListHandler.Chunk chunk, ObjectNode head, String field, Item item) {
        head.set("metadata", metadata(chunk));
        byte[] json = Trees.bytes(head);
        byte[] opening = (new String(json, 0, json.length - 1, StandardCharsets.UTF_8) + ",\"" + field + "\":[")
                .getBytes(StandardCharsets.UTF_8);
        List<CachedObject> objects = chunk.objects();
        Body body = new Body.Written(size(opening, objects, item), out -> write(out, opening, objects, item));
        long held = objects.stream().mapToLong(object -> object.json().length).sum();
        return held < LARGE ? new Body.Whole(body.bytes()) : body;
    }

    private static OptionalLong size(byte[] opening, List<CachedObject> objects, Item item) {
        long size = opening.length + Math.max(0, objects.size() - 1) + END.length;
        for (CachedObject object : objects) {
            OptionalLong length = item.length(object);
            if (length.isEmpty()) {
                return length;
            }
            size += length.getAsLong();
        }
        return OptionalLong.of(size);
    }

    private static void write(OutputStream out, byte[] opening, List<CachedObject> objects, Item item)
            throws IOException {
        out.write(opening);
        boolean first = true;
        for (CachedObject object : objects) {
            if (!first) {
                out.write(',');
            }
            first = false;
            item.write(out, object);
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
