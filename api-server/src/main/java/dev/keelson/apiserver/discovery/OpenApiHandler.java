package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.CustomOpenApi;
import dev.keelson.apiserver.http.reply.ContentHash;
import dev.keelson.apiserver.http.reply.Negotiation;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.schema.OpenApiDocument;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code /openapi/v3} and {@code /openapi/v2}. The index names each document with its hash; a client that asks with
 * the right hash may keep the answer for good.
 */
public final class OpenApiHandler implements PathHandler {
    private static final String V3 = "/openapi/v3";
    private static final String V2 = "/openapi/v2";
    private static final List<String> JSON = List.of("application/json");
    private static final List<String> JSON_OR_PROTOBUF =
            List.of("application/json", OpenApiProtobuf.MEDIA_TYPE, OpenApiProtobuf.ASKED);

    /** As clients written in Go read it: with two digits of the day. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Schemas schemas;
    private final CustomOpenApi custom;
    private final InstantSource clock;

    public OpenApiHandler(Schemas schemas, CustomOpenApi custom, InstantSource clock) {
        this.schemas = schemas;
        this.custom = custom;
        this.clock = clock;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        String path = request.path().replaceAll("/+$", "");
        if (path.equals(V3)) {
            return Optional.of(ContentHash.tagged(Reply.json(200, index()), request.ifNoneMatch()));
        }
        if (path.startsWith(V3 + "/")) {
            String name = path.substring(V3.length() + 1);
            OpenApiDocument document = document(name).orElseThrow(ApiFailure::noSuchPath);
            return unreadable(request, JSON).or(() -> Optional.of(v3(request, name, document)));
        }
        return path.equals(V2)
                ? unreadable(request, JSON_OR_PROTOBUF).or(() -> Optional.of(v2(request)))
                : Optional.empty();
    }

    private Optional<OpenApiDocument> document(String path) {
        return custom.v3(path, schemas.openApiV3(path));
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        custom.index(schemas.openApiV3Index())
                .forEach((name, hash) -> paths.putObject(name).put("serverRelativeURL", address(name, hash)));
        return index;
    }

    /** Kubernetes' {@code handler3}: an address that names a hash means this content for ever, or leads to the present one. */
    private Reply v3(PathRequest request, String name, OpenApiDocument document) {
        String hash = request.query().text("hash");
        if (hash.isEmpty()) {
            return reply(request, document);
        }
        if (!hash.equals(document.hash())) {
            return Reply.text(301, "").withHeader("Location", address(name, document.hash()));
        }
        return reply(request, document)
                .withHeader("Cache-Control", "public, immutable")
                .withHeader("Expires", HTTP_DATE.format(clock.instant().plus(Duration.ofDays(365))));
    }

    /** Kubernetes' words for it are none: an empty answer. */
    private static Optional<Reply> unreadable(PathRequest request, List<String> offered) {
        return Negotiation.accepts(request.accept(), offered) ? Optional.empty() : Optional.of(Reply.text(406, ""));
    }

    private static String address(String name, String hash) {
        return V3 + "/" + name + "?hash=" + hash;
    }

    private Reply v2(PathRequest request) {
        OpenApiDocument document = custom.v2(schemas.openApiV2());
        return OpenApiProtobuf.wanted(request.accept()) ? protobuf(request, document) : reply(request, document);
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
        Reply reply = request.acceptsGzip()
                ? Reply.json(known ? 304 : 200, known ? new byte[0] : document.gzip())
                        .withHeader("Content-Encoding", "gzip")
                : Reply.json(known ? 304 : 200, known ? new byte[0] : document.plain());
        return reply.withHeader("ETag", tag).withHeader("Vary", "Accept, Accept-Encoding");
    }
}
