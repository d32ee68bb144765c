package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Single values of the wire format as JSON, including the messages that JSON writes as one value. */
final class WireScalars {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** 0001-01-01 and 9999-12-31: what RFC 3339 can say. */
    private static final long FIRST_SECOND = -62135596800L;

    private static final long LAST_SECOND = 253402300799L;

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final TreeGuard guard;

    WireScalars(TreeGuard guard) {
        this.guard = guard;
    }

    static boolean isNumeric(String type) {
        return switch (type) {
            case "int32", "int64", "bool", "double", "float", "uint32", "uint64" -> true;
            default -> false;
        };
    }

    static int wireType(String type) {
        return switch (type) {
            case "double" -> Wire.FIXED64;
            case "float" -> Wire.FIXED32;
            default -> isNumeric(type) ? Wire.VARINT : Wire.LENGTH;
        };
    }

    JsonNode value(Wire wire, int tag, String type) {
        if ((tag & 7) != wireType(type)) {
            throw new Wire.WireException("field " + (tag >>> 3) + " has the wrong wire type");
        }
        return switch (type) {
            case "bool" -> nodes.booleanNode(wire.varint() != 0);
            case "int32", "uint32" -> nodes.numberNode((int) wire.varint());
            case "int64", "uint64" -> whole(wire.varint());
            case "double" -> real(Double.longBitsToDouble(wire.fixed(8)));
            case "float" -> real(Float.intBitsToFloat((int) wire.fixed(4)));
            case "string" -> nodes.textNode(guard.checkText(wire.nested().text()));
            case "bytes" ->
                nodes.textNode(Base64.getEncoder().encodeToString(wire.nested().rest()));
            case "time" -> time(wire.nested(), SECONDS);
            case "microtime" -> time(wire.nested(), MICROS);
            case "quantity" -> quantity(wire.nested());
            case "intOrString" -> intOrString(wire.nested());
            case "texts" -> texts(wire.nested());
            default -> throw new IllegalStateException("unknown wire type " + type);
        };
    }

    /** What an entry without a value means. */
    JsonNode absent(String type) {
        return switch (type) {
            case "bool" -> nodes.booleanNode(false);
            case "int32", "int64" -> nodes.numberNode(0);
            case "quantity" -> nodes.textNode("0");
            case "texts" -> nodes.arrayNode();
            case "string", "bytes" -> nodes.textNode("");
            default -> nodes.objectNode();
        };
    }

    /** The node that the JSON reader makes of the same number, so that trees from both compare equal. */
    private JsonNode whole(long number) {
        return number == (int) number ? nodes.numberNode((int) number) : nodes.numberNode(number);
    }

    private JsonNode real(double number) {
        if (!Double.isFinite(number)) {
            throw new Wire.WireException("a number is not finite");
        }
        return nodes.numberNode(number);
    }

    private JsonNode time(Wire wire, DateTimeFormatter format) {
        if (wire.atEnd()) {
            return nodes.nullNode();
        }
        Map<Integer, Long> numbers = numbers(wire);
        long seconds = numbers.getOrDefault(1, 0L);
        long nanos = numbers.getOrDefault(2, 0L);
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
            throw new Wire.WireException("a time is out of range");
        }
        return nodes.textNode(format.format(Instant.ofEpochSecond(seconds, nanos)));
    }

    private static Map<Integer, Long> numbers(Wire wire) {
        Map<Integer, Long> numbers = new HashMap<>();
        while (!wire.atEnd()) {
            int tag = wire.tag();
            if ((tag & 7) == Wire.VARINT) {
                numbers.put(tag >>> 3, wire.varint());
            } else {
                wire.skip(tag & 7);
            }
        }
        return numbers;
    }

    private JsonNode quantity(Wire wire) {
        ArrayNode found = texts(wire);
        return found.isEmpty() || found.get(0).textValue().isEmpty() ? nodes.textNode("0") : found.get(0);
    }

    private JsonNode intOrString(Wire wire) {
        long type = 0;
        int number = 0;
        String text = "";
        while (!wire.atEnd()) {
            int tag = wire.tag();
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> type = wire.varint();
                case 2 << 3 | Wire.VARINT -> number = (int) wire.varint();
                case 3 << 3 | Wire.LENGTH ->
                    text = guard.checkText(wire.nested().text());
                default -> wire.skip(tag & 7);
            }
        }
        return type == 0 ? nodes.numberNode(number) : nodes.textNode(text);
    }

    /** A message that only wraps a repeated text in its first field. */
    private ArrayNode texts(Wire wire) {
        ArrayNode texts = nodes.arrayNode();
        while (!wire.atEnd()) {
            int tag = wire.tag();
            if (tag == (1 << 3 | Wire.LENGTH)) {
                guard.countNode();
                texts.add(guard.checkText(wire.nested().text()));
            } else {
                wire.skip(tag & 7);
            }
        }
        return texts;
    }
}
