package dev.keelson.apiserver.custom.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.rules.Problems;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRulesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: string}                                         |
            {}                                                     | .type: Required value: must not be empty for specified object fields
            {x-kubernetes-preserve-unknown-fields: true}           |
            {x-kubernetes-preserve-unknown-fields: false, type: object} | .x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined
            {x-kubernetes-int-or-string: true}                     |
            {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]} |
            {x-kubernetes-int-or-string: true, allOf: [{anyOf: [{type: integer}, {type: string}]}, {pattern: "^a"}]} |
            {x-kubernetes-int-or-string: true, anyOf: [{type: string}, {type: integer}]} | .anyOf[0].type: Forbidden: must be empty to be structural; s.properties[a].anyOf[1].type: Forbidden: must be empty to be structural
            {x-kubernetes-int-or-string: true, anyOf: [{type: integer, minimum: 1}, {type: string}]} | .anyOf[0].type: Forbidden: must be empty to be structural; s.properties[a].anyOf[1].type: Forbidden: must be empty to be structural
            {x-kubernetes-int-or-string: true, allOf: [{pattern: "^a"}, {anyOf: [{type: integer}, {type: string}]}]} | .allOf[1].anyOf[0].type: Forbidden: must be empty to be structural; s.properties[a].allOf[1].anyOf[1].type: Forbidden: must be empty to be structural
            {x-kubernetes-int-or-string: true, oneOf: [{type: integer}]} | .oneOf[0].type: Forbidden: must be empty to be structural
            {x-kubernetes-int-or-string: true, x-kubernetes-embedded-resource: true, type: object, properties: {spec: {type: object}}} | .x-kubernetes-embedded-resource: Invalid value: true: must be false if x-kubernetes-int-or-string is true
            {x-kubernetes-int-or-string: true, x-kubernetes-preserve-unknown-fields: true} | .x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true
            {type: text}                                           | .type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"
            {type: array}                                          | .items: Required value: must be specified
            {type: array, items: {}}                               | .items.type: Required value: must not be empty for specified array items
            {type: array, uniqueItems: true, items: {type: string}} | .uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic
            {type: object, additionalProperties: false}            |
            {type: object, additionalProperties: true, properties: {x: {type: string}}} |
            {type: object, additionalProperties: false, properties: {x: {type: string}}} | .additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
            {type: object, additionalProperties: {type: string}, properties: {x: {type: string}}} | .additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
            {type: object, definitions: {x: {type: string}}}       | .definitions: Forbidden: definitions is not supported
            {type: integer, anyOf: [{type: integer}]}              | .anyOf[0].type: Forbidden: must be empty to be structural
            {type: object, anyOf: [{properties: {x: {minimum: 1}}}]} |
            {type: object, anyOf: [{additionalProperties: {minimum: 1}}]} | .anyOf[0].additionalProperties: Forbidden: must be undefined to be structural
            {type: object, not: {allOf: [{properties: {x: {x-kubernetes-list-type: set}}}]}} | .not.allOf[0].properties[x].x-kubernetes-list-type: Forbidden: must be undefined to be structural; s.properties[a].not.allOf[0].properties[x].type: Required value: must be array if x-kubernetes-list-type is specified
            {type: object, anyOf: [{title: t, description: d}]}    | .anyOf[0].description: Forbidden: must be empty to be structural; s.properties[a].anyOf[0].title: Forbidden: must be empty to be structural
            {type: "null"}                                         | .type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"; s.properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative
            {type: array, items: [{type: string}]}                 | .items: Forbidden: items must be a schema object and not an array
            {type: string, $ref: x}                                | .$ref: Forbidden: $ref is not supported
            {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: object, properties: {x: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}}}}} | .properties[metadata].properties[x].x-kubernetes-embedded-resource: Forbidden: must not be used inside of resource meta
            {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: string}}} | .properties[metadata].type: Invalid value: "string": must be object
            {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: object, properties: {labels: {type: object, additionalProperties: {type: string}, default: {a: "!"}}}}}} | .properties[metadata].properties[labels].default: Invalid value: {"a":"!"}: must result in valid metadata: metadata.labels: Invalid value: "!": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
            {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: object, properties: {labels: {type: object, additionalProperties: {type: string}, default: {a: b}}}}}} |
            {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: object, properties: {labels: {type: object, additionalProperties: {type: string, default: x}}}}}} | .properties[metadata].properties[labels].additionalProperties.default: Forbidden: must not be set inside additionalProperties applying to object metadata
            {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, default: {kind: K}} | .default.apiVersion: Required value
            {x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true} | .type: Required value: must be object if x-kubernetes-embedded-resource is true
            {type: object, properties: {b: {type: string, pattern: "("}}, x-kubernetes-validations: [{rule: ''}]} | .properties[b].pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`; s.properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified
            {type: object, properties: {x: {type: integer}}, not: {properties: {x: {minimum: 1}}}} |
            {type: array, x-kubernetes-list-type: map, items: {type: object}} | .x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}} | .items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
            {type: array, x-kubernetes-list-type: bag, items: {type: string}} | .x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"
            {x-kubernetes-list-type: set, x-kubernetes-preserve-unknown-fields: true} | .type: Required value: must be array if x-kubernetes-list-type is specified
            {type: string, x-kubernetes-map-type: atomic}          | .type: Invalid value: "string": must be object if x-kubernetes-map-type is specified
            {type: array, x-kubernetes-list-map-keys: [k], items: {type: string}} | .x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty
            {type: array, x-kubernetes-list-type: set, items: {type: object, properties: {a: {type: string}}}} | .items.x-kubernetes-map-type: Invalid value: "null": must be atomic as item of a list with x-kubernetes-list-type=set
            {type: array, x-kubernetes-list-type: set, items: {type: array, x-kubernetes-list-type: set, items: {type: string}}} | .items.x-kubernetes-list-type: Invalid value: "set": must be atomic as item of a list with x-kubernetes-list-type=set
            {type: array, x-kubernetes-list-type: set, items: {type: string, nullable: true}} | .items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k, k], items: {type: object, required: [k], properties: {k: {type: string}}}} | .x-kubernetes-list-map-keys: Invalid value: []string{"k", "k"}: must not contain duplicate entries
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [z], items: {type: object, properties: {k: {type: string}}}} | .x-kubernetes-list-map-keys: Invalid value: []string{"z"}: entries must all be names of item properties
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string, nullable: true}}}} | .items.properties[k].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable
            {type: object, x-kubernetes-embedded-resource: true, properties: {kind: {type: integer}}} | .properties[kind].type: Invalid value: "integer": must be string
            {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, additionalProperties: true} | .additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set
            {type: object, x-kubernetes-preserve-unknown-fields: true, anyOf: [{nullable: true}]} | .anyOf[0].nullable: Forbidden: must be false to be structural
            {type: object, x-kubernetes-preserve-unknown-fields: true, anyOf: [{default: {}}]} | .anyOf[0].default: Forbidden: must be undefined to be structural
            {type: object, x-kubernetes-preserve-unknown-fields: true, not: {properties: {metadata: {minProperties: 1}}}} | .not.properties[metadata]: Forbidden: must not be specified in a nested context
            {type: object, x-kubernetes-embedded-resource: true}   | .properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields
            {type: integer, default: "x"}                          | .default: Invalid value: "string": s.properties[a].default in body must be of type integer: "string"
            {type: object, default: {y: 1}, properties: {x: {type: string}}} | .default: Invalid value: {"y":1}: must not have unknown fields
            {type: object, default: {}, properties: {x: {type: string, default: d}}, required: [x]} |
            """)
    void saysWhatIsNotStructural(String schema, String error) throws IOException {
        Problems problems = new Problems();
        SchemaRules.check(YAML.readTree("{type: object, properties: {a: " + schema + "}}"), "s", problems);
        String found = problems.list().stream()
                .map(one -> one.field() + ": " + one.message())
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
        assertThat(found).isEqualTo(error == null ? "" : "s.properties[a]" + error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: string}                                        | .type: Invalid value: "string": must be object at the root
            {type: object, additionalProperties: {type: string}}  | .additionalProperties: Forbidden: must not be used at the root
            {type: object, nullable: true}                        | .nullable: Forbidden: nullable cannot be true at the root
            {type: object, properties: {metadata: {type: object, properties: {name: {type: string, maxLength: 9}, generateName: {type: string}}}}} |
            {type: object, properties: {metadata: {type: object, description: mine}}} | .properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified
            {type: object, properties: {metadata: {type: object, required: [name]}}} | .properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified
            {type: object, properties: {metadata: {type: string}}} | .properties[metadata].type: Invalid value: "string": must be object
            {type: object, anyOf: [{properties: {x: {minimum: 1}}}]} | .properties[x]: Required value: because it is defined in s.anyOf[0].properties[x]
            {type: object, properties: {x: {type: object}}, not: {properties: {x: {properties: {y: {minimum: 1}}}}}} | .properties[x].properties[y]: Required value: because it is defined in s.not.properties[x].properties[y]
            {type: object, x-kubernetes-preserve-unknown-fields: true, anyOf: [{properties: {x: {minimum: 1}}}]} | .properties[x]: Required value: because it is defined in s.anyOf[0].properties[x]
            {type: object, $schema: x} | : Invalid value: "": OpenAPIV3Schema 'schema' is not supported
            {type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}} | .properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified
            {type: object, properties: {kind: {type: string, default: K}}} | .properties[kind].default: Forbidden: must not be set in top-level kind
            {type: object, properties: {apiVersion: {type: integer}}} | .properties[apiVersion].type: Invalid value: "integer": must be string
            """)
    void theRootIsAnObjectOfAKind(String schema, String error) throws IOException {
        Problems problems = new Problems();
        SchemaRules.check(YAML.readTree(schema), "s", problems);
        assertThat(problems.list().stream().map(one -> one.field() + ": " + one.message()))
                .containsExactlyElementsOf(error == null ? List.of() : List.of("s" + error));
    }

    @Test
    void aPatternMustBeRe2() throws IOException {
        Problems problems = new Problems();
        SchemaRules.check(
                YAML.readTree("{type: object, properties: {a: {type: string, pattern: '(?=a)'}}}"), "s", problems);
        assertThat(problems.list())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("s.properties[a].pattern"))
                .satisfies(error -> assertThat(error.message())
                        .contains("must be a valid regular expression, but isn't: error parsing regexp"));
    }
}
