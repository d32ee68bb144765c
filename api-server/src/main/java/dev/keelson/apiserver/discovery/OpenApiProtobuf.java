package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;

/**
 * The OpenAPI v2 document as the protobuf of gnostic's {@code openapi.v2.Document}, which kubectl before 1.26 asks for and
 * cannot do without. What clients read is written: definitions whole, of the operations their names, parameters and
 * extensions. One path or definition is in memory as a tree at a time. Pure.
 */
final class OpenApiProtobuf {
    /** The name that answers carry: Go's parser of media types refuses the one that clients ask with. */
    static final String MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    static final String ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenApiProtobuf() {}

    static boolean wanted(String accept) {
        return accept.contains(ASKED) || accept.contains(MEDIA_TYPE);
    }

    static byte[] encode(byte[] json) {
        ProtobufMessage document = new ProtobufMessage();
        try (JsonParser parser = JSON.getFactory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "swagger" -> document.text(1, parser.getText());
                    case "info" -> document.message(2, info(parser.readValueAsTree()));
                    case "paths" -> document.message(8, entries(parser, 2, OpenApiProtobuf::path));
                    case "definitions" -> document.message(9, entries(parser, 1, OpenApiProtobuf::schema));
                    default -> parser.skipChildren();
                }
            }
        } catch (IOException bad) {
            throw new UncheckedIOException("the OpenAPI document is not JSON", bad);
        }
        return document.bytes();
    }

    /** An object's entries as repeated (name, value) pairs. */
    private static ProtobufMessage entries(JsonParser parser, int field, BiConsumer<ProtobufMessage, JsonNode> writer)
            throws IOException {
        ProtobufMessage all = new ProtobufMessage();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            all.message(field, named(name, parser.readValueAsTree(), writer));
        }
        return all;
    }

    private static ProtobufMessage named(String name, JsonNode value, BiConsumer<ProtobufMessage, JsonNode> writer) {
        ProtobufMessage message = new ProtobufMessage();
        writer.accept(message, value);
        return new ProtobufMessage().text(1, name).message(2, message);
    }

    private static ProtobufMessage info(JsonNode info) {
        return new ProtobufMessage()
                .text(1, info.path("title").asText())
                .text(2, info.path("version").asText());
    }

    private static void path(ProtobufMessage item, JsonNode path) {
        operation(item, 2, path.path("get"));
        operation(item, 3, path.path("put"));
        operation(item, 4, path.path("post"));
        operation(item, 5, path.path("delete"));
        operation(item, 6, path.path("options"));
        operation(item, 7, path.path("head"));
        operation(item, 8, path.path("patch"));
        path.path("parameters").forEach(parameter -> item.message(9, parameter(parameter)));
        extensions(item, 10, path);
    }

    private static void operation(ProtobufMessage item, int field, JsonNode operation) {
        if (operation.isMissingNode()) {
            return;
        }
        ProtobufMessage message = new ProtobufMessage();
        operation.path("tags").forEach(tag -> message.text(1, tag.asText()));
        message.text(3, operation.path("description").asText());
        message.text(5, operation.path("operationId").asText());
        operation.path("produces").forEach(type -> message.text(6, type.asText()));
        operation.path("consumes").forEach(type -> message.text(7, type.asText()));
        operation.path("parameters").forEach(parameter -> message.message(8, parameter(parameter)));
        extensions(message, 13, operation);
        item.message(field, message);
    }

    /** {@code ParametersItem}: a reference, or a parameter in its place. */
    private static ProtobufMessage parameter(JsonNode parameter) {
        if (parameter.has("$ref")) {
            return new ProtobufMessage()
                    .message(
                            2,
                            new ProtobufMessage().text(1, parameter.path("$ref").asText()));
        }
        String place = parameter.path("in").asText();
        ProtobufMessage found = new ProtobufMessage();
        if (place.equals("body")) {
            found.text(1, parameter.path("description").asText())
                    .text(2, parameter.path("name").asText())
                    .text(3, place)
                    .flag(4, parameter.path("required").asBoolean());
            ProtobufMessage schema = new ProtobufMessage();
            schema(schema, parameter.path("schema"));
            found.message(5, schema);
            return new ProtobufMessage().message(1, new ProtobufMessage().message(1, found));
        }
        boolean inPath = place.equals("path");
        found.flag(1, parameter.path("required").asBoolean())
                .text(2, place)
                .text(3, parameter.path("description").asText())
                .text(4, parameter.path("name").asText())
                .text(inPath ? 5 : 6, parameter.path("type").asText());
        ProtobufMessage kind = new ProtobufMessage().message(inPath ? 4 : 3, found);
        return new ProtobufMessage().message(1, new ProtobufMessage().message(2, kind));
    }

    private static void schema(ProtobufMessage message, JsonNode schema) {
        message.text(1, schema.path("$ref").asText())
                .text(2, schema.path("format").asText())
                .text(3, schema.path("title").asText())
                .text(4, schema.path("description").asText());
        if (schema.has("default")) {
            message.message(5, any(schema.get("default")));
        }
        message.text(13, schema.path("pattern").asText());
        schema.path("required").forEach(name -> message.text(19, name.asText()));
        schema.path("enum").forEach(value -> message.message(20, any(value)));
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            message.message(21, new ProtobufMessage().message(1, nested(additional)));
        } else if (additional.isBoolean()) {
            message.message(21, new ProtobufMessage().flag(2, additional.asBoolean()));
        }
        JsonNode type = schema.path("type");
        if (type.isTextual()) {
            message.message(22, new ProtobufMessage().text(1, type.asText()));
        }
        if (schema.path("items").isObject()) {
            message.message(23, new ProtobufMessage().message(1, nested(schema.path("items"))));
        }
        schema.path("allOf").forEach(part -> message.message(24, nested(part)));
        if (schema.path("properties").isObject()) {
            ProtobufMessage properties = new ProtobufMessage();
            schema.path("properties")
                    .properties()
                    .forEach(entry ->
                            properties.message(1, named(entry.getKey(), entry.getValue(), OpenApiProtobuf::schema)));
            message.message(25, properties);
        }
        extensions(message, 31, schema);
    }

    private static ProtobufMessage nested(JsonNode schema) {
        ProtobufMessage message = new ProtobufMessage();
        schema(message, schema);
        return message;
    }

    private static void extensions(ProtobufMessage message, int field, JsonNode node) {
        node.properties().forEach(entry -> {
            if (entry.getKey().startsWith("x-")) {
                message.message(
                        field, new ProtobufMessage().text(1, entry.getKey()).message(2, any(entry.getValue())));
            }
        });
    }

    /** A value as YAML text, which JSON is. */
    private static ProtobufMessage any(JsonNode value) {
        return new ProtobufMessage().text(2, value.toString());
    }
}
