package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.CustomOpenApi;
import dev.keelson.apiserver.http.reply.ContentHash;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.schema.OpenApiDocument;
import dev.keelson.apiserver.schema.Schemas;
import java.util.Optional;

/**
 * {@code /openapi/v3} and {@code /openapi/v2}. The index names each document with its hash; a client that asks with
 * the right hash may keep the answer for good.
 */
public final class OpenApiHandler implements PathHandler {
    private static final String V3 = "/openapi/v3";
    private static final String V2 = "/openapi/v2";

    private final Schemas schemas;
    private final CustomOpenApi custom;

    public OpenApiHandler(Schemas schemas, CustomOpenApi custom) {
        this.schemas = schemas;
        this.custom = custom;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        String path = request.path().replaceAll("/+$", "");
        if (path.equals(V3)) {
            return Optional.of(ContentHash.tagged(Reply.json(200, index()), request.ifNoneMatch()));
        }
        if (path.startsWith(V3 + "/")) {
            OpenApiDocument document = document(path.substring(V3.length() + 1)).orElseThrow(ApiFailure::noSuchPath);
            return Optional.of(reply(request, document));
        }
        return path.equals(V2) ? Optional.of(v2(request)) : Optional.empty();
    }

    private Optional<OpenApiDocument> document(String path) {
        return custom.v3(path, schemas.openApiV3(path));
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        custom.index(schemas.openApiV3Index()).forEach((name, hash) -> paths.putObject(name)
                .put("serverRelativeURL", V3 + "/" + name + "?hash=" + hash));
        return index;
    }

    private Reply v2(PathRequest request) {
        String accept = request.accept();
        if (OpenApiProtobuf.wanted(accept)) {
            return protobuf(request, custom.v2(schemas.openApiV2()));
        }
        // Clients that take nothing that is written here get told, instead of being sent what they cannot read.
        if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
            throw new ApiFailure(
                    StatusReason.NOT_ACCEPTABLE,
                    "only the following media types are accepted: application/json, " + OpenApiProtobuf.MEDIA_TYPE,
                    StatusDetails.NONE);
        }
        return reply(request, custom.v2(schemas.openApiV2()));
    }

    /** Encoded for each client that does not have it yet: only old ones ask, and they keep it. */
    private static Reply protobuf(PathRequest request, OpenApiDocument document) {
        String tag = "\"" + document.hash() + "-protobuf\"";
        boolean known = request.ifNoneMatch().contains(tag);
        byte[] body = known ? new byte[0] : OpenApiProtobuf.encode(document.plain());
        return Reply.json(known ? 304 : 200, body)
                .withContentType(OpenApiProtobuf.MEDIA_TYPE)
                .withHeader("ETag", tag)
                .withHeader("Vary", "Accept");
    }

    private static Reply reply(PathRequest request, OpenApiDocument document) {
        String tag = "\"" + document.hash() + "\"";
        boolean known = request.ifNoneMatch().contains(tag);
        boolean exact = request.query().text("hash").equals(document.hash());
        Reply reply = request.acceptsGzip()
                ? Reply.json(known ? 304 : 200, known ? new byte[0] : document.gzip())
                        .withHeader("Content-Encoding", "gzip")
                : Reply.json(known ? 304 : 200, known ? new byte[0] : document.plain());
        return reply.withHeader("ETag", tag)
                .withHeader("Vary", "Accept-Encoding")
                .withHeader("Cache-Control", exact ? "public, immutable" : "no-cache, private");
    }
}
