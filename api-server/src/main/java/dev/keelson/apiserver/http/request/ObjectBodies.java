package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.codec.BodyDecoder;
import dev.keelson.apiserver.codec.DecodedBody;
import dev.keelson.apiserver.registry.ApiFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the object in a request's body and checks it against the kind's schema. */
public final class ObjectBodies {
    private static final int LONGEST_SHOWN = 1024;
    private static final int SUMMARY = 30;

    private final BodyDecoder decoder = new BodyDecoder();
    private final SchemaCheck schema;

    public ObjectBodies(SchemaCheck schema) {
        this.schema = schema;
    }

    /** The body as an object of the request's kind. */
    public ObjectNode object(ApiRequest request) {
        DecodedBody body = decoder.decode(request.body(), request.contentType());
        ObjectNode object = body.object();
        if (!request.kind().strategy().isBuiltIn()) {
            requireKind(request, object);
        }
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

    /** DeleteOptions, as far as they are given; what is unknown in them means nothing. */
    public ObjectNode deleteOptions(ObjectNode options) {
        String kind = options.path("kind").asText("DeleteOptions");
        if (!kind.equals("DeleteOptions")) {
            throw ApiFailure.badRequest("the body of a delete is a DeleteOptions, found kind \"" + kind + "\"");
        }
        // Clients name the group of what they delete, too.
        options.put("apiVersion", "v1").put("kind", kind);
        schema.checkNamed(options).typeError().ifPresent(wrong -> {
            throw new Described(kind, "v1").cannotBeHandled(wrong);
        });
        return options;
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
        FieldValidation validation =
                FieldValidation.parse(request.optionsKind(), request.query().text("fieldValidation"));
        if (findings.typeError().isPresent()) {
            throw described.cannotBeHandled(findings.typeError().get());
        }
        List<String> strict = new ArrayList<>(duplicates);
        strict.addAll(findings.unknownFields());
        if (strict.isEmpty()) {
            return;
        }
        switch (validation) {
            case IGNORE -> {}
            case WARN -> request.warnings().addAll(strict);
            case STRICT -> throw described.cannotBeHandled("strict decoding error: " + String.join(", ", strict));
        }
    }

    /** Custom objects are read without a type that could say what they are. */
    private static void requireKind(ApiRequest request, ObjectNode object) {
        String body = new String(request.body(), StandardCharsets.UTF_8);
        if (object.path("kind").asText("").isEmpty()) {
            throw ApiFailure.badRequest(
                    "the object provided is unrecognized (must be of type %s): Object 'Kind' is missing in '%s' (%s)"
                            .formatted(request.kind().kind(), cut(body, LONGEST_SHOWN), cut(body, SUMMARY)));
        }
        if (object.path("apiVersion").asText("").isEmpty()) {
            throw otherVersion("", request.kind().apiVersion());
        }
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + " ...";
    }

    private static ApiFailure otherVersion(String given, String expected) {
        return ApiFailure.badRequest("the API version in the data (%s) does not match the expected API version (%s)"
                .formatted(given, expected));
    }

    /** Refuses an object that says it is of another kind; one that says nothing is of this one. */
    public static void expectKind(ObjectNode object, String apiVersion, String kind) {
        String givenVersion = object.path("apiVersion").asText("");
        String givenKind = object.path("kind").asText("");
        if (!givenKind.isEmpty() && !givenKind.equals(kind)) {
            throw ApiFailure.badRequest("%s in version \"%s\" cannot be handled as a %s: this path takes a %s of %s"
                    .formatted(givenKind, givenVersion, kind, kind, apiVersion));
        }
        if (!givenVersion.isEmpty() && !givenVersion.equals(apiVersion)) {
            throw otherVersion(givenVersion, apiVersion);
        }
        object.put("apiVersion", apiVersion).put("kind", kind);
    }
}
