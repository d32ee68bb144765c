package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.codec.BodyDecoder;
import dev.keelson.apiserver.codec.DecodedBody;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the object in a request's body and checks it against the kind's schema. */
public final class ObjectBodies {
    private final BodyDecoder decoder = new BodyDecoder();
    private final SchemaCheck schema;

    public ObjectBodies(SchemaCheck schema) {
        this.schema = schema;
    }

    /** The body as an object of the request's kind. */
    public ObjectNode object(ApiRequest request) {
        DecodedBody body = decoder.decode(request.body(), request.contentType());
        ObjectNode object = body.object();
        expectKind(object, request.kind().apiVersion(), request.kind().kind());
        check(request, object, body.duplicateMessages());
        return object;
    }

    /** The body as an object of a kind that is not stored, such as a Scale. */
    public ObjectNode plain(ApiRequest request, String apiVersion, String kind) {
        return plain(request, List.of(apiVersion), kind);
    }

    /**
     * The same of a kind that is taken in several versions, which do not differ.
     *
     * @param apiVersions the one that the object then has is the first
     */
    public ObjectNode plain(ApiRequest request, List<String> apiVersions, String kind) {
        DecodedBody body = decoder.decode(request.body(), request.contentType());
        ObjectNode object = body.object();
        if (apiVersions.contains(object.path("apiVersion").asText(""))) {
            object.put("apiVersion", apiVersions.getFirst());
        }
        expectKind(object, apiVersions.getFirst(), kind);
        String version = apiVersions.getFirst().substring(apiVersions.getFirst().indexOf('/') + 1);
        judge(request, schema.checkNamed(object), body.duplicateMessages(), new Described(kind, version));
        return object;
    }

    /** The body as it is; empty when there is none. */
    public Optional<DecodedBody> any(ApiRequest request) {
        return request.body().length == 0
                ? Optional.empty()
                : Optional.of(decoder.decode(request.body(), request.contentType()));
    }

    /** Refuses wrong types always, unknown and duplicate fields as {@code fieldValidation} says. */
    public void check(ApiRequest request, ObjectNode object, List<String> duplicates) {
        Described described =
                new Described(request.kind().kind(), request.kind().version());
        judge(request, schema.check(request.kind(), object), duplicates, described);
    }

    /** How refusals name what they refuse. */
    private record Described(String kind, String version) {
        ApiFailure cannotBeHandled(String why) {
            return ApiFailure.badRequest(
                    "%s in version \"%s\" cannot be handled as a %s: %s".formatted(kind, version, kind, why));
        }
    }

    private static void judge(
            ApiRequest request, SchemaCheck.Findings findings, List<String> duplicates, Described described) {
        if (findings.typeError().isPresent()) {
            throw described.cannotBeHandled(findings.typeError().get());
        }
        List<String> strict = new ArrayList<>(duplicates);
        strict.addAll(findings.unknownFields());
        if (strict.isEmpty()) {
            return;
        }
        switch (FieldValidation.parse(request.optionsKind(), request.query().text("fieldValidation"))) {
            case IGNORE -> {}
            case WARN -> request.warnings().addAll(strict);
            case STRICT -> throw described.cannotBeHandled("strict decoding error: " + String.join(", ", strict));
        }
    }

    /** Refuses an object that says it is of another kind; one that says nothing is of this one. */
    public static void expectKind(ObjectNode object, String apiVersion, String kind) {
        String givenVersion = object.path("apiVersion").asText("");
        String givenKind = object.path("kind").asText("");
        boolean right = (givenVersion.isEmpty() || givenVersion.equals(apiVersion))
                && (givenKind.isEmpty() || givenKind.equals(kind));
        if (!right) {
            throw ApiFailure.badRequest(
                    ("the object in the body is a \"%s\" of \"%s\", but this path takes a \"%s\" of" + " \"%s\"")
                            .formatted(givenKind, givenVersion, kind, apiVersion));
        }
        object.put("apiVersion", apiVersion).put("kind", kind);
    }
}
