package dev.keelson.apiserver.custom.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomSchemaTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: string}                                         | 1                 | a: Invalid value: "integer": a in body must be of type string: "integer"
            {type: integer}                                        | 1.5               | a: Invalid value: "number": a in body must be of type integer: "number"
            {type: integer}                                        | 2.0               |
            {type: number}                                         | "x"               | a: Invalid value: "string": a in body must be of type number: "string"
            {type: boolean}                                        | {}                | a: Invalid value: "object": a in body must be of type boolean: "object"
            {type: array, items: {type: string}}                   | {}                | a: Invalid value: "object": a in body must be of type array: "object"
            {type: object}                                         | []                | a: Invalid value: "array": a in body must be of type object: "array"
            {type: string, nullable: true}                         | null              |
            {type: string, nullable: true, enum: [x]}              | null              | a: Unsupported value: "null": supported values: "x"
            {type: integer, enum: [1, 2]}                          | "x"               | a: Invalid value: "string": a in body must be of type integer: "string"; a: Unsupported value: "x": supported values: "1", "2"
            {type: string, format: date-time}                      | 5                 | a: Invalid value: "int64": a in body must be of type date-time: "int64"
            {type: string, format: date-time}                      | {}                | a: Invalid value: "": a in body must be of type date-time: ""
            {type: integer, format: int32}                         | 3000000000        |
            {type: number, maximum: 1000000}                       | 1000000.5         | a: Invalid value: 1.0000005e+06: a in body should be less than or equal to 1e+06
            {type: integer, maximum: 1000000}                      | 1000001           | a: Invalid value: 1000001: a in body should be less than or equal to 1000000
            {type: string, minLength: 3, pattern: "^a"}            | "b"               | a: Invalid value: "b": a in body should be at least 3 chars long
            {type: object, enum: [{x: 1}]}                         | {y: [b, null]}    | a: Unsupported value: map[string]interface {}{"y":[]interface {}{"b", interface {}(nil)}}: supported values: "{"x":1}"
            {type: object, additionalProperties: false, x-kubernetes-preserve-unknown-fields: true} | {x: 1} | a: Invalid value: "x": a.x in body is a forbidden property
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}} | [{k: a}, {k: a}] | a[1]: Duplicate value: map[string]interface {}{"k":"a"}
            {type: integer, allOf: [{minimum: 3}, {maximum: 5}]}   | 2                 | a: Invalid value: 2: a in body should be greater than or equal to 3; <nil>: Invalid value: "": "a" must validate all the schemas (allOf)
            {type: string}                                         | null              | a: Invalid value: "null": a in body must be of type string: "null"
            {x-kubernetes-int-or-string: true}                     | 5                 |
            {x-kubernetes-int-or-string: true}                     | "50%"             |
            {x-kubernetes-int-or-string: true}                     | true              | a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"
            {type: integer, minimum: 3}                            | 2                 | a: Invalid value: 2: a in body should be greater than or equal to 3
            {type: integer, minimum: 3, exclusiveMinimum: true}    | 3                 | a: Invalid value: 3: a in body should be greater than 3
            {type: integer, maximum: 3}                            | 4                 | a: Invalid value: 4: a in body should be less than or equal to 3
            {type: number, maximum: 3, exclusiveMaximum: true}     | 3.0               | a: Invalid value: 3: a in body should be less than 3
            {type: number, multipleOf: 0.5}                        | 1.25              | a: Invalid value: 1.25: a in body should be a multiple of 0.5
            {type: string, minLength: 2}                           | "x"               | a: Invalid value: "x": a in body should be at least 2 chars long
            {type: string, maxLength: 2}                           | "äöü"             | a: Too long: may not be more than 2 bytes
            {type: string, pattern: "^a+$"}                        | "b"               | a: Invalid value: "b": a in body should match '^a+$'
            {type: string, enum: [a, b]}                           | "c"               | a: Unsupported value: "c": supported values: "a", "b"
            {type: integer, enum: [1, 2]}                          | 2                 |
            {type: string, format: date-time}                      | "yesterday"       | a: Invalid value: "yesterday": a in body must be of type date-time: "yesterday"
            {type: string, format: ipv4}                           | "10.0.0.256"      | a: Invalid value: "10.0.0.256": a in body must be of type ipv4: "10.0.0.256"
            {type: string, format: uuid}                           | "7f1ee2b0-6d3a-4ab0-9a3c-0123456789ab" |
            {type: string, format: nobody-knows}                   | "x"               |
            {type: array, minItems: 1, items: {type: string}}      | []                | a: Invalid value: 0: a in body should have at least 1 items
            {type: array, maxItems: 1, items: {type: string}}      | ["x", "y"]        | a: Too many: 2: must have at most 1 item
            {type: array, items: {type: string}}                   | ["x", 2]          | a[1]: Invalid value: "integer": a[1] in body must be of type string: "integer"
            {type: object, minProperties: 1}                       | {}                | a: Invalid value: 1: a in body should have at least 1 properties
            {type: object, maxProperties: 1, additionalProperties: {type: integer}} | {x: 1, y: 2} | a: Too many: 2: must have at most 1 item
            {type: object, additionalProperties: {type: integer}}  | {x: "1"}          | a.x: Invalid value: "string": a.x in body must be of type integer: "string"
            {type: object, required: [x]}                          | {}                | a.x: Required value
            {type: array, x-kubernetes-list-type: set, items: {type: string}} | ["x", "x"] | a[1]: Duplicate value: "x"
            {type: integer, allOf: [{minimum: 3}]}                 | 2                 | a: Invalid value: 2: a in body should be greater than or equal to 3; <nil>: Invalid value: "": "a" must validate all the schemas (allOf). None validated
            {type: integer, anyOf: [{minimum: 3}, {maximum: 1}]}   | 1                 |
            {type: object, properties: {x: {type: string}, y: {type: string}}, oneOf: [{required: [x]}, {required: [y]}]} | {x: a, y: b} | <nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives
            {type: integer, not: {minimum: 3}}                     | 4                 | <nil>: Invalid value: "": "a" must not validate the schema (not)
            {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true} | {kind: Pod} | a.apiVersion: Required value
            """)
    void judgesValues(String schema, String value, String errors) {
        CustomSchema custom = new CustomSchema(yaml("{type: object, properties: {a: " + schema + "}}"));
        String found = custom.check((ObjectNode) yaml("{a: " + value + "}"), Optional.empty()).stream()
                .map(error -> error.field() + ": " + error.message())
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
        assertThat(found).isEqualTo(errors == null ? "" : errors);
    }

    /** Not even where nothing has changed: updates are not forgiven this. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {apiVersion: v1, kind: Pod}                             |
            {apiVersion: example.com/v1, kind: Pod, metadata: {}}   |
            {}                                                      | apiVersion: Required value; kind: Required value
            {apiVersion: '', kind: Pod}                             | apiVersion: Required value
            {apiVersion: a/b/c, kind: Pod}                          | apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c
            {apiVersion: 1, kind: Pod}                              | apiVersion: Invalid value: 1: must be a string
            {apiVersion: v1, kind: 9Pod}                            | kind: Invalid value: "9Pod": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
            {apiVersion: v1, kind: Pod, metadata: {name: a/b}}      | metadata.name: Invalid value: "a/b": may not contain '/'
            {apiVersion: v1, kind: Pod, metadata: {name: A_b, namespace: n}} |
            {apiVersion: v1, kind: Pod, metadata: {generateName: a/}} | metadata.generateName: Invalid value: "a/": may not contain '/'
            {apiVersion: v1, kind: Pod, metadata: {namespace: A}}   | metadata.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
            {apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{apiVersion: v1, kind: Pod, name: n}]}} | metadata.ownerReferences.uid: Invalid value: "": uid must not be empty
            {apiVersion: v1, kind: Pod, metadata: {finalizers: [orphan, foregroundDeletion]}} | metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set
            """)
    void resourcesInsideAreResources(String resource, String errors) {
        String embedding =
                "x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, type: object";
        Map<String, String> places = Map.of(
                "{%s}", "a",
                "{type: array, items: {%s}}", "a[0]",
                "{type: object, additionalProperties: {%s}}", "a[k]");
        Map<String, String> values = Map.of("a", "%s", "a[0]", "[%s]", "a[k]", "{k: %s}");
        places.forEach((schema, path) -> {
            CustomSchema custom =
                    new CustomSchema(yaml("{type: object, properties: {a: " + schema.formatted(embedding) + "}}"));
            ObjectNode object = (ObjectNode) yaml("{a: " + values.get(path).formatted(resource) + "}");
            List<String> expected = errors == null
                    ? List.of()
                    : Stream.of(errors.split("; "))
                            .map(error -> path + "." + error)
                            .toList();
            assertThat(custom.check(object, Optional.of(object)).stream()
                            .map(error -> error.field() + ": " + error.message()))
                    .containsExactlyElementsOf(expected);
        });
    }

    /** The definition became stricter than it was when the old state was written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            properties: {x: {type: integer, minimum: 5}, y: {}}                   | {x: 1}          | {x: 1, y: 2}          |
            properties: {x: {type: integer, minimum: 5}}                          | {x: 1}          | {x: 2}                | a.x
            properties: {x: {type: string}}, required: [z]                        | {x: a}          | {x: a}                |
            properties: {x: {type: string}}, required: [z]                        | {x: a}          | {x: b}                | a.z
            properties: {x: {anyOf: [{minimum: 5}]}, y: {}}                       | {x: 1}          | {x: 1, y: 2}          |
            anyOf: [{required: [z]}]                                              | {x: 1}          | {x: 2}                | <nil>, a.z
            properties: {x: {items: {minimum: 5}}}                                | {x: [1]}        | {x: [1]}              |
            properties: {x: {items: {minimum: 5}}}                                | {x: [1]}        | {x: [1, 7]}           | a.x[0]
            properties: {x: {x-kubernetes-list-type: set, items: {minimum: 5}}}   | {x: [1]}        | {x: [1, 7]}           | a.x[0]
            properties: {x: {x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {properties: {v: {minimum: 5}}}}} | {x: [{k: a, v: 1}]} | {x: [{k: b, v: 7}, {k: a, v: 1}]} |
            properties: {x: {x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {properties: {v: {minimum: 5}}}}} | {x: [{k: a, v: 1}]} | {x: [{k: b, v: 1}]} | a.x[0].v
            properties: {x: {x-kubernetes-list-type: set, items: {}}}             | {x: [1, 1]}     | {x: [1, 1, 2, 2]}     |
            properties: {x: {x-kubernetes-list-type: set, items: {}}}             | {x: [1]}        | {x: [1, 1]}           | a.x[1]
            additionalProperties: {minimum: 5}                                    | {k.io/a: 1}     | {k.io/a: 1, b: 2}     | a.b
            """)
    void anUpdateIsForgivenWhatItLeavesAsItWas(String schema, String old, String updated, String fields) {
        CustomSchema custom = new CustomSchema(yaml("{type: object, properties: {a: {" + schema + "}}}"));
        String found = custom
                .check((ObjectNode) yaml("{a: " + updated + "}"), Optional.of((ObjectNode) yaml("{a: " + old + "}")))
                .stream()
                .map(error -> error.field())
                .collect(Collectors.joining(", "));
        assertThat(found).isEqualTo(fields == null ? "" : fields);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: object, properties: {x: {type: string}}}                          | {x: a, y: b}          | {x: a}
            {type: object, properties: {x: {type: string}}, x-kubernetes-preserve-unknown-fields: true} | {y: {z: 1}} | {y: {z: 1}}
            {type: object, properties: {x: {type: object, properties: {b: {type: string}}}}, x-kubernetes-preserve-unknown-fields: true} | {x: {z: 1, b: c}} | {x: {b: c}}
            {type: object, additionalProperties: {type: object, properties: {x: {type: string}}}} | {k: {x: a, y: b}} | {k: {x: a}}
            {type: array, items: {type: object, properties: {x: {type: string}}}}    | [{x: a, y: b}]        | [{x: a}]
            {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}} | {apiVersion: v1, kind: K, metadata: {name: n}, spec: {a: 1}, junk: 1} | {apiVersion: v1, kind: K, metadata: {name: n}, spec: {}}
            {type: object}                                                           | {x: a}                | {}
            """)
    void prunesWhatTheSchemaDoesNotName(String schema, String before, String after) {
        CustomSchema custom = new CustomSchema(yaml("{type: object, properties: {a: " + schema + "}}"));
        ObjectNode object = (ObjectNode) yaml("{kind: Thing, metadata: {name: n}, a: " + before + "}");
        custom.prune(object);
        assertThat(object).isEqualTo(yaml("{kind: Thing, metadata: {name: n}, a: " + after + "}"));
    }

    @Test
    void namesWhatItPrunes() {
        CustomSchema custom = new CustomSchema(
                yaml(
                        "{type: object, properties: {a: {type: array, items: {type: object, properties: {x: {type: string}}}}}}"));
        assertThat(custom.prune((ObjectNode) yaml("{a: [{x: b}, {y: 1}], z: {q: 1}}")))
                .containsExactly("a[1].y", "z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: object, properties: {x: {type: string, default: d}}}                | {}            | {x: d}
            {type: object, properties: {x: {type: string, default: d}}}                | {x: null}     | {x: d}
            {type: object, properties: {x: {type: string, default: d, nullable: true}}} | {x: null}    | {x: null}
            {type: object, properties: {x: {type: string}}}                            | {x: null}     | {}
            {type: object, properties: {x: {type: object, default: {}, properties: {y: {type: integer, default: 1}}}}} | {} | {x: {y: 1}}
            {type: array, items: {type: object, properties: {y: {type: integer, default: 1}}}} | [{}, {y: 2}] | [{y: 1}, {y: 2}]
            {type: object, additionalProperties: {type: object, properties: {y: {type: integer, default: 1}}}} | {k: {}} | {k: {y: 1}}
            {type: object, properties: {x: {type: object, properties: {y: {type: integer, default: 1}}}}} | {} | {}
            """)
    void fillsInDefaults(String schema, String before, String after) {
        CustomSchema custom = new CustomSchema(yaml("{type: object, properties: {a: " + schema + "}}"));
        ObjectNode object = (ObjectNode) yaml("{a: " + before + "}");
        custom.complete(object);
        assertThat(object).isEqualTo(yaml("{a: " + after + "}"));
        ObjectNode again = object.deepCopy();
        custom.complete(again);
        assertThat(again).isEqualTo(object);
    }

    @Test
    void aHostilePatternCostsNothing() {
        CustomSchema custom =
                new CustomSchema(yaml("{type: object, properties: {a: {type: string, pattern: '^(a+)+$'}}}"));
        ObjectNode object = YAML.createObjectNode().put("a", "a".repeat(50_000) + "!");
        assertThat(custom.check(object, Optional.empty())).hasSize(1);
    }

    @Test
    void aPatternWhoseGroupsLieTooDeepIsRefused() {
        assertThat(Patterns.problem("(".repeat(1_001) + "a" + ")".repeat(1_001)))
                .contains("error parsing regexp: expression nests too deeply");
        assertThat(Patterns.problem("(a)".repeat(2_000) + "\\(".repeat(2_000))).isEmpty();
        String deep = "(".repeat(1_000) + "a" + ")".repeat(1_000);
        assertThat(Patterns.problem(deep)).isEmpty();
        assertThat(new Patterns().found(deep, "a")).isTrue();
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException bad) {
            throw new IllegalArgumentException(text, bad);
        }
    }
}
