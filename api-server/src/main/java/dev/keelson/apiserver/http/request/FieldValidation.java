package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;

/** What the server does about unknown and duplicate fields. */
enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    static FieldValidation parse(String value) {
        return switch (value) {
            case "Ignore" -> IGNORE;
            case "", "Warn" -> WARN;
            case "Strict" -> STRICT;
            default ->
                throw ApiFailure.badRequest(
                        "fieldValidation: Unsupported value: \"%s\": supported values: \"Ignore\", \"Strict\", \"Warn\""
                                .formatted(value));
        };
    }
}
