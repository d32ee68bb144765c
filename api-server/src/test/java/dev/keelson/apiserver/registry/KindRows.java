package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rows of rules start from the valid object of their kind in {@code kinds/GROUP.yaml} and make one change to it. */
final class KindRows {
    static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> FILES =
            List.of("core", "apps", "batch", "networking", "policies", "storage", "extension", "rbac");

    private KindRows() {}

    /**
     * A copy of the valid object of every kind, by {@code plural.group} or, in the core group, {@code plural}; other
     * versions of a kind by {@code plural.version.group}.
     */
    static Map<String, ObjectNode> validObjects() {
        Map<String, ObjectNode> objects = new TreeMap<>();
        for (String text : List.of(ValidObjects.POD, ValidObjects.DEPLOYMENT, ValidObjects.SERVICE)) {
            ObjectNode object = (ObjectNode) yaml(text);
            objects.put(nameOf(kindOf(object)), object);
        }
        for (String file : FILES) {
            try (InputStream stream = KindRows.class.getResourceAsStream("/kinds/" + file + ".yaml");
                    MappingIterator<ObjectNode> documents =
                            YAML.readerFor(ObjectNode.class).readValues(stream)) {
                documents.forEachRemaining(object -> objects.put(nameOf(kindOf(object)), object));
            } catch (IOException e) {
                throw new UncheckedIOException(file, e);
            }
        }
        return objects;
    }

    static ObjectNode valid(String name) {
        ObjectNode object = validObjects().get(name);
        assertThat(object).as("a valid object of " + name).isNotNull();
        return object;
    }

    static ResourceDefinition kind(String name) {
        return BuiltinKinds.list().stream()
                .filter(kind -> nameOf(kind).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no kind " + name));
    }

    static String nameOf(ResourceDefinition kind) {
        boolean otherVersion = kind.strategy().storageGroup().equals(Optional.of(kind.group()));
        String group = otherVersion ? kind.version() + "." + kind.group() : kind.group();
        return group.isEmpty() ? kind.plural() : kind.plural() + "." + group;
    }

    static ResourceDefinition kindOf(ObjectNode object) {
        return BuiltinKinds.list().stream()
                .filter(kind -> kind.kind().equals(object.path("kind").asText())
                        && kind.apiVersion().equals(object.path("apiVersion").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no kind for " + object));
    }

    /** The valid object, as it is after creation. */
    static ObjectNode created(String name) {
        return created(name, valid(name));
    }

    static ObjectNode created(String name, ObjectNode object) {
        ResourceStrategy strategy = kind(name).strategy();
        strategy.applyDefaults(object);
        strategy.prepareForCreate(object);
        return object;
    }

    /** The valid object with the value at a pointer replaced; the word {@code -} removes it. */
    static ObjectNode changed(String name, String pointer, String value) {
        ObjectNode object = valid(name);
        set(object, pointer, value);
        return object;
    }

    static void set(ObjectNode object, String pointer, String value) {
        JsonPointer path = JsonPointer.compile(pointer);
        String last = path.last().getMatchingProperty();
        JsonNode parent = object.at(path.head());
        if (parent instanceof ArrayNode array && last.equals("-")) {
            array.add(yaml(value));
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last), yaml(value));
        } else if (value.equals("-")) {
            ((ObjectNode) parent).remove(last);
        } else {
            (parent instanceof ObjectNode found ? found : object.withObject(path.head())).set(last, yaml(value));
        }
    }

    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** {@code field: message} of everything that is wrong with a new object. */
    static List<String> problems(String name, ObjectNode object) {
        return shown(kind(name).strategy().validate(created(name, object)));
    }

    /** What is wrong with a change of the valid object. */
    static List<String> changeProblems(String name, String pointer, String value) {
        ResourceStrategy strategy = kind(name).strategy();
        ObjectNode old = created(name);
        ObjectNode updated = old.deepCopy();
        set(updated, pointer, value);
        strategy.applyDefaults(updated);
        strategy.prepareForUpdate(updated, old);
        return shown(strategy.validateUpdate(updated, old));
    }

    /**
     * What is wrong with a write of the status alone.
     *
     * @param spec fields that the valid object has differently
     * @param before the status that it has
     */
    static List<String> statusProblems(String name, String spec, String before, String after) {
        ObjectNode old = created(name);
        old.withObject("/spec").setAll((ObjectNode) yaml(spec));
        old.set("status", yaml(before));
        ObjectNode updated = old.deepCopy();
        updated.set("status", yaml(after));
        PartRules rules = kind(name).strategy().part("status").orElseThrow();
        rules.prepare(updated, old);
        return shown(rules.validate(updated, old));
    }

    static List<Object> cells(String name, ObjectNode object) {
        return kind(name).columns().stream()
                .map(column -> column.cell().apply(object, NOW))
                .toList();
    }

    static void expect(List<String> problems, String field, String message) {
        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem).startsWith(field.strip() + ": " + message.strip()));
    }

    private static List<String> shown(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }
}
