package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON text to a tree. Numbers keep their digits: {@code 1.50} stays {@code 1.50}. */
final class JsonTreeReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(BodyLimits.MAX_DEPTH + 1)
                    .maxStringLength(BodyLimits.MAX_BYTES)
                    .maxNumberLength(BodyLimits.MAX_NUMBER_LENGTH)
                    .maxNameLength(BodyLimits.MAX_BYTES)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Field names of untrusted bodies must not stay in a table shared by all requests.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build();

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final TreeGuard guard = new TreeGuard();
    private final String body;
    /** What no store accepts can only be hidden in escapes: the text itself is valid. */
    private final boolean escapes;

    /** @param body from {@link Utf8#text} */
    JsonTreeReader(String body) {
        this.body = body;
        this.escapes = body.contains("\\u");
    }

    DecodedBody read() {
        try (JsonParser parser = FACTORY.createParser(body)) {
            if (parser.nextToken() == null) {
                throw BodyException.malformed("the body is empty");
            }
            JsonNode root = value(parser);
            if (parser.nextToken() != null) {
                throw malformed(parser, "there is more after the end of the value");
            }
            return new DecodedBody(root, guard.duplicates());
        } catch (StreamConstraintsException limit) {
            throw BodyException.malformed("the body breaks a limit: " + limit.getOriginalMessage());
        } catch (JsonParseException bad) {
            throw BodyException.malformed("the body is not JSON: %s (line %d, column %d)"
                    .formatted(
                            bad.getOriginalMessage(),
                            bad.getLocation().getLineNr(),
                            bad.getLocation().getColumnNr()));
        } catch (IOException bad) {
            throw BodyException.malformed("the body is not JSON: " + bad.getMessage());
        }
    }

    private JsonNode value(JsonParser parser) throws IOException {
        guard.countNode();
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> nodes.textNode(checked(parser.getText()));
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(guard.checkNumber(parser.getDecimalValue()));
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            default -> throw malformed(parser, "unexpected " + parser.currentToken());
        };
    }

    private String checked(String text) {
        return escapes ? guard.checkText(text) : text;
    }

    private JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            default -> nodes.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(JsonParser parser) throws IOException {
        guard.checkDepth();
        ObjectNode object = nodes.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = checked(parser.currentName());
            guard.path().enter(field);
            parser.nextToken();
            guard.put(object, field, value(parser));
            guard.path().leave();
        }
        return object;
    }

    private ArrayNode array(JsonParser parser) throws IOException {
        guard.checkDepth();
        ArrayNode array = nodes.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            guard.path().enter(array.size());
            array.add(value(parser));
            guard.path().leave();
        }
        return array;
    }

    private static BodyException malformed(JsonParser parser, String what) {
        return BodyException.malformed("the body is not JSON: %s (line %d, column %d)"
                .formatted(
                        what,
                        parser.currentTokenLocation().getLineNr(),
                        parser.currentTokenLocation().getColumnNr()));
    }
}
