package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes' protobuf encoding to the JSON tree that the same object has. The envelope is the bytes {@code k8s\0} and
 * a {@code runtime.Unknown} with the type and the raw message.
 */
final class ProtobufTreeReader {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private final WireCatalog catalog;
    private final TreeGuard guard = new TreeGuard();
    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final WireScalars scalars = new WireScalars(guard);

    ProtobufTreeReader(WireCatalog catalog) {
        this.catalog = catalog;
    }

    DecodedBody read(byte[] body) {
        try {
            return new DecodedBody(envelope(body), List.of());
        } catch (Wire.WireException bad) {
            throw BodyException.malformed("the body is not Kubernetes protobuf: " + bad.getMessage());
        }
    }

    static boolean hasMagic(byte[] body) {
        return body.length >= MAGIC.length && java.util.Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private ObjectNode envelope(byte[] body) {
        if (!hasMagic(body)) {
            throw BodyException.malformed("the body is not Kubernetes protobuf: it must begin with the bytes k8s\\0");
        }
        String apiVersion = "";
        String kind = "";
        Optional<Wire> raw = Optional.empty();
        Wire unknown = new Wire(body, MAGIC.length, body.length);
        while (!unknown.atEnd()) {
            int tag = unknown.tag();
            switch (tag) {
                case 1 << 3 | Wire.LENGTH -> {
                    Map<Integer, String> type = texts(unknown.nested());
                    apiVersion = type.getOrDefault(1, "");
                    kind = type.getOrDefault(2, "");
                }
                case 2 << 3 | Wire.LENGTH -> raw = Optional.of(unknown.nested());
                case 3 << 3 | Wire.LENGTH -> refuseEncoding(unknown.nested().text());
                default -> unknown.skip(tag & 7);
            }
        }
        return object(apiVersion, kind, raw.orElse(new Wire(body, 0, 0)));
    }

    private static void refuseEncoding(String encoding) {
        if (!encoding.isEmpty()) {
            throw BodyException.malformed(
                    "the protobuf body has the content encoding \"%s\"; none is expected".formatted(encoding));
        }
    }

    private static Map<Integer, String> texts(Wire wire) {
        Map<Integer, String> texts = new java.util.HashMap<>();
        while (!wire.atEnd()) {
            int tag = wire.tag();
            if ((tag & 7) == Wire.LENGTH) {
                texts.put(tag >>> 3, wire.nested().text());
            } else {
                wire.skip(tag & 7);
            }
        }
        return texts;
    }

    private ObjectNode object(String apiVersion, String kind, Wire raw) {
        String message = catalog.messageOf(apiVersion, kind)
                .orElseThrow(() -> new BodyException(
                        BodyException.Kind.UNSUPPORTED,
                        "protobuf is not read for %s \"%s\"; send application/json".formatted(apiVersion, kind)));
        ObjectNode object = nodes.objectNode();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        message(raw, message, object);
        return object;
    }

    private void message(Wire wire, String message, ObjectNode object) {
        guard.checkDepth();
        Map<Integer, WireField> fields = catalog.find(message).orElseThrow();
        while (!wire.atEnd()) {
            int tag = wire.tag();
            WireField field = fields.get(tag >>> 3);
            if (field == null) {
                wire.skip(tag & 7);
                continue;
            }
            guard.path().enter(field.name());
            if (field.inlined()) {
                message(nested(wire, tag), field.type().substring(1), object);
            } else {
                field(wire, tag, field, object);
            }
            guard.path().leave();
        }
    }

    private void field(Wire wire, int tag, WireField field, ObjectNode object) {
        String type = field.type();
        String element = type.substring(1);
        switch (type.charAt(0)) {
            case '[' -> elements(wire, tag, element, object.withArrayProperty(field.name()));
            case '{' -> entry(nested(wire, tag), element, object.withObjectProperty(field.name()));
            default -> {
                JsonNode value = value(wire, tag, type);
                if (!value.isNull() && !(field.zeroIsAbsent() && isZero(value))) {
                    object.set(field.name(), value);
                }
            }
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.isTextual()
                ? value.textValue().isEmpty()
                : value.isNumber() ? value.asLong() == 0 : !value.asBoolean();
    }

    private void elements(Wire wire, int tag, String type, ArrayNode array) {
        boolean packed = (tag & 7) == Wire.LENGTH && WireScalars.isNumeric(type);
        if (!packed) {
            array.add(value(wire, tag, type));
            return;
        }
        Wire numbers = wire.nested();
        while (!numbers.atEnd()) {
            array.add(value(numbers, WireScalars.wireType(type), type));
        }
    }

    private void entry(Wire entry, String type, ObjectNode map) {
        String key = "";
        JsonNode value = null;
        while (!entry.atEnd()) {
            int tag = entry.tag();
            switch (tag >>> 3) {
                case 1 -> key = guard.checkText(nested(entry, tag).text());
                case 2 -> value = value(entry, tag, type);
                default -> entry.skip(tag & 7);
            }
        }
        map.set(key, value == null ? scalars.absent(type) : value);
    }

    private JsonNode value(Wire wire, int tag, String type) {
        guard.countNode();
        if (type.startsWith("@")) {
            ObjectNode object = nodes.objectNode();
            message(nested(wire, tag), type.substring(1), object);
            return object;
        }
        if (type.equals("json")) {
            return embedded(nested(wire, tag));
        }
        return scalars.value(wire, tag, type);
    }

    /** RawExtension and FieldsV1 hold the bytes of another object, as JSON or again as protobuf. */
    private JsonNode embedded(Wire wire) {
        byte[] raw = new byte[0];
        while (!wire.atEnd()) {
            int tag = wire.tag();
            if (tag == (1 << 3 | Wire.LENGTH)) {
                raw = wire.nested().rest();
            } else {
                wire.skip(tag & 7);
            }
        }
        if (raw.length == 0) {
            return nodes.nullNode();
        }
        guard.checkDepth();
        return hasMagic(raw)
                ? envelope(raw)
                : new JsonTreeReader(Utf8.text(raw)).read().tree();
    }

    private static Wire nested(Wire wire, int tag) {
        if ((tag & 7) != Wire.LENGTH) {
            throw new Wire.WireException("field " + (tag >>> 3) + " has the wrong wire type");
        }
        return wire.nested();
    }
}
