package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import java.util.List;

/** What the server does about unknown and duplicate fields. */
enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    /** @param options the options that the value belongs to, as errors name them */
    static FieldValidation parse(String options, String value) {
        return switch (value) {
            case "Ignore" -> IGNORE;
            case "", "Warn" -> WARN;
            case "Strict" -> STRICT;
            default ->
                throw ApiFailure.invalidOptions(
                        options,
                        FieldError.notSupported("fieldValidation", value, List.of("", "Ignore", "Strict", "Warn")));
        };
    }
}
