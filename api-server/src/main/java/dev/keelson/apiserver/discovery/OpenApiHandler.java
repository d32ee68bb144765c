package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.ContentHash;
import dev.keelson.apiserver.http.PathHandler;
import dev.keelson.apiserver.http.Reply;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.Trees;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /openapi/v3} and {@code /openapi/v2}. The index names each document with its hash; a client that asks with
 * the right hash may keep the answer for good.
 */
public final class OpenApiHandler implements PathHandler {
    private static final String V3 = "/openapi/v3";
    private static final String V2 = "/openapi/v2";

    private record Document(byte[] bytes, String hash) {}

    private final OpenApiDocuments source;
    private final Map<String, Document> written = new ConcurrentHashMap<>();

    public OpenApiHandler(OpenApiDocuments source) {
        this.source = source;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        String path = request.path().replaceAll("/+$", "");
        if (path.equals(V3)) {
            return Optional.of(ContentHash.tagged(Reply.json(200, index()), request.ifNoneMatch()));
        }
        if (path.startsWith(V3 + "/")) {
            return Optional.of(document(request, path.substring(V3.length() + 1)));
        }
        return path.equals(V2) ? Optional.of(v2(request)) : Optional.empty();
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        source.names().stream().sorted().forEach(name -> paths.putObject(name)
                .put("serverRelativeURL", V3 + "/" + name + "?hash=" + v3(name).hash()));
        return index;
    }

    private Reply document(PathRequest request, String name) {
        if (!source.names().contains(name)) {
            throw ApiFailure.noSuchPath();
        }
        Document document = v3(name);
        Reply reply = ContentHash.tagged(Reply.json(200, document.bytes()), request.ifNoneMatch());
        boolean exact = request.query().text("hash").equals(document.hash());
        return exact ? reply.withHeader("Cache-Control", "public, immutable") : reply;
    }

    private Reply v2(PathRequest request) {
        // Old clients ask for protobuf only; they get told instead of being sent what they cannot read.
        if (request.accept().contains("protobuf")
                && !request.accept().contains("json")
                && !request.accept().contains("*/*")) {
            throw new ApiFailure(
                    StatusReason.NOT_ACCEPTABLE,
                    "only the following media types are accepted: application/json",
                    StatusDetails.NONE);
        }
        Document document = written.computeIfAbsent(V2, key -> document(source.v2()));
        return ContentHash.tagged(Reply.json(200, document.bytes()), request.ifNoneMatch());
    }

    private Document v3(String name) {
        return written.computeIfAbsent(name, key -> document(source.v3(key)));
    }

    private static Document document(ObjectNode tree) {
        byte[] bytes = Trees.bytes(tree);
        return new Document(bytes, ContentHash.of(bytes));
    }
}
