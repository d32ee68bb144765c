package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.keelson.apiserver.custom.schema.Structural;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as the values that expressions compute with. A null in an object is a field that is not there. */
final class CelValues {
    private static final Structural METADATA = CelTypes.metadataSchema();
    private static final Structural UNKNOWN = new Structural(MissingNode.getInstance());

    private CelValues() {}

    static Object of(JsonNode value, Structural schema, boolean resource) {
        return switch (value.getNodeType()) {
            case OBJECT -> object(value, schema, resource);
            case ARRAY -> array(value, schema);
            case STRING -> text(value.textValue(), schema);
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(value, schema);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object object(JsonNode value, Structural schema, boolean resource) {
        Map<String, Object> fields = new HashMap<>();
        boolean free = schema.values().isPresent();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (entry.getValue().isNull()) {
                continue;
            }
            String name = free ? entry.getKey() : CelNames.escape(entry.getKey());
            if (resource && entry.getKey().equals("metadata")) {
                fields.put(name, of(entry.getValue(), METADATA, false));
                continue;
            }
            Structural below =
                    schema.property(entry.getKey()).or(schema::values).orElse(UNKNOWN);
            fields.put(name, of(entry.getValue(), below, below.embedsResource()));
        }
        return fields;
    }

    private static Object array(JsonNode value, Structural schema) {
        List<Object> items = new ArrayList<>(value.size());
        Structural below = schema.items().orElse(UNKNOWN);
        value.forEach(item -> items.add(of(item, below, below.embedsResource())));
        return items;
    }

    private static Object number(JsonNode value, Structural schema) {
        boolean whole = schema.type().equals("integer") || !schema.type().equals("number") && value.isIntegralNumber();
        return whole ? (Object) value.longValue() : (Object) value.doubleValue();
    }

    /** A text that is not of its format stays text; what is wrong with it the schema's validation says. */
    private static Object text(String text, Structural schema) {
        try {
            return switch (schema.node().path("format").asText("")) {
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "date" -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
                case "duration" ->
                    GoDuration.parse(text).<Object>map(duration -> duration).orElse(text);
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException bad) {
            return text;
        }
    }
}
