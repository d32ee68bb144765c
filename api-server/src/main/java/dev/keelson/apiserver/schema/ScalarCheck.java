package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.schema.FieldType.Scalar;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether a single value is of its type. */
final class ScalarCheck {
    private ScalarCheck() {}

    static Optional<Mismatch> problem(JsonNode value, Scalar type) {
        return switch (type) {
            case STRING -> expect(value.isTextual(), value, type);
            case BOOLEAN -> expect(value.isBoolean(), value, type);
            case DOUBLE -> expect(value.isNumber(), value, type);
            case INT32 -> expect(value.isIntegralNumber() && value.canConvertToInt(), value, type);
            case INT64 -> expect(value.isIntegralNumber() && value.canConvertToLong(), value, type);
            case INT_OR_STRING ->
                expect(value.isTextual() || value.isIntegralNumber() && value.canConvertToInt(), value, type);
            case BYTES -> expect(value.isTextual(), value, type).or(() -> base64Problem(value.textValue()));
            case TIME, MICRO_TIME -> expect(value.isTextual(), value, type).or(() -> timeProblem(value.textValue()));
            case QUANTITY ->
                expect(value.isTextual() || value.isNumber(), value, type).or(() -> quantityProblem(value));
            case ANY -> Optional.empty();
        };
    }

    private static Optional<Mismatch> expect(boolean fits, JsonNode value, Scalar type) {
        return fits ? Optional.empty() : Optional.of(Mismatch.of(value, type.goType()));
    }

    private static Optional<Mismatch> base64Problem(String text) {
        OptionalInt wrong = GoBase64.firstWrong(text);
        return wrong.isPresent()
                ? Optional.of(Mismatch.text("illegal base64 data at input byte " + wrong.getAsInt()))
                : Optional.empty();
    }

    private static Optional<Mismatch> timeProblem(String text) {
        try {
            OffsetDateTime.parse(text);
            return Optional.empty();
        } catch (DateTimeException bad) {
            return Optional.of(Mismatch.text("parsing time \"%s\": must be RFC 3339, such as 2006-01-02T15:04:05Z"
                    .formatted(Mismatch.abbreviate(text))));
        }
    }

    private static Optional<Mismatch> quantityProblem(JsonNode value) {
        return Quantity.parse(value).isPresent() ? Optional.empty() : Optional.of(Mismatch.text(Quantity.RULE));
    }
}
