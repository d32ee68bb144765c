package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * One YAML 1.1 document to a tree, from the parser's events: nothing is constructed by tag, aliases are copied under a
 * budget, merge keys ({@code <<}) are followed.
 */
final class YamlTreeReader {
    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final TreeGuard guard = new TreeGuard();
    private final YamlScalars scalars = new YamlScalars(nodes, guard);
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private int aliasedNodes;

    DecodedBody read(String body) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(BodyLimits.MAX_DEPTH);
        options.setCodePointLimit(BodyLimits.MAX_BYTES);
        options.setProcessComments(false);
        try {
            return document(new ParserImpl(new StreamReader(body), options));
        } catch (MarkedYAMLException bad) {
            String where = bad.getProblemMark() == null
                    ? ""
                    : " (line %d, column %d)"
                            .formatted(
                                    bad.getProblemMark().getLine() + 1,
                                    bad.getProblemMark().getColumn() + 1);
            throw BodyException.malformed("the body is not YAML: " + bad.getProblem() + where);
        } catch (YAMLException bad) {
            throw BodyException.malformed("the body is not YAML: " + firstLine(bad.getMessage()));
        }
    }

    private DecodedBody document(Parser parser) {
        expect(parser, Event.ID.StreamStart);
        if (!parser.checkEvent(Event.ID.DocumentStart)) {
            throw BodyException.malformed("the body is empty");
        }
        parser.getEvent();
        JsonNode root = value(parser);
        expect(parser, Event.ID.DocumentEnd);
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            throw BodyException.malformed("the body has more than one YAML document; send one object per request");
        }
        return new DecodedBody(root, guard.duplicates());
    }

    private static void expect(Parser parser, Event.ID id) {
        Event event = parser.getEvent();
        if (!event.is(id)) {
            throw BodyException.malformed("the body is not YAML: unexpected " + event.getEventId());
        }
    }

    private JsonNode value(Parser parser) {
        guard.countNode();
        Event event = parser.getEvent();
        return switch (event) {
            case AliasEvent alias -> aliased(alias);
            case ScalarEvent scalar -> anchored(scalar, scalars.value(scalar));
            case SequenceStartEvent sequence -> anchored(sequence, sequence(parser));
            case MappingStartEvent mapping -> anchored(mapping, mapping(parser));
            default -> throw BodyException.malformed("the body is not YAML: unexpected " + event.getEventId());
        };
    }

    private JsonNode anchored(NodeEvent event, JsonNode value) {
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), value);
        }
        return value;
    }

    private JsonNode aliased(AliasEvent alias) {
        JsonNode target = anchors.get(alias.getAnchor());
        if (target == null) {
            throw BodyException.malformed(
                    "the alias *%s at %s refers to no anchor before it".formatted(alias.getAnchor(), guard.path()));
        }
        spend(target, guard.path().depth());
        return target.deepCopy();
    }

    private void spend(JsonNode copied, int depth) {
        aliasedNodes++;
        if (aliasedNodes > BodyLimits.MAX_ALIASED_NODES || depth > BodyLimits.MAX_DEPTH) {
            throw BodyException.malformed("the YAML aliases expand to more than %d values or %d levels"
                    .formatted(BodyLimits.MAX_ALIASED_NODES, BodyLimits.MAX_DEPTH));
        }
        copied.forEach(child -> spend(child, depth + 1));
    }

    private ArrayNode sequence(Parser parser) {
        guard.checkDepth();
        ArrayNode array = nodes.arrayNode();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            guard.path().enter(array.size());
            array.add(value(parser));
            guard.path().leave();
        }
        parser.getEvent();
        return array;
    }

    private ObjectNode mapping(Parser parser) {
        guard.checkDepth();
        ObjectNode object = nodes.objectNode();
        ObjectNode merged = nodes.objectNode();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            String field = key(parser);
            guard.path().enter(field);
            JsonNode value = value(parser);
            if (field.equals("<<")) {
                merge(merged, value);
            } else {
                guard.put(object, field, value);
            }
            guard.path().leave();
        }
        parser.getEvent();
        merged.properties().forEach(entry -> object.putIfAbsent(entry.getKey(), entry.getValue()));
        return object;
    }

    private String key(Parser parser) {
        if (!(parser.getEvent() instanceof ScalarEvent scalar)) {
            throw BodyException.malformed("a key at %s is not a string".formatted(guard.path()));
        }
        return guard.checkText(scalar.getValue());
    }

    private void merge(ObjectNode merged, JsonNode value) {
        if (value instanceof ObjectNode source) {
            source.properties().forEach(entry -> merged.putIfAbsent(entry.getKey(), entry.getValue()));
        } else if (value.isArray()) {
            value.forEach(item -> merge(merged, item));
        } else {
            throw BodyException.malformed("the merge key at %s needs a mapping".formatted(guard.path()));
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
