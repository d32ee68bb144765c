package dev.keelson.apiserver.custom.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.rules.Problems;
import java.io.IOException;
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
            {x-kubernetes-int-or-string: true, type: string}       | .type: Invalid value: "string": must be empty if x-kubernetes-int-or-string is true
            {type: text}                                           | .type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"
            {type: array}                                          | .items: Required value: must be specified
            {type: array, items: {}}                               | .items.type: Required value: must not be empty for specified array items
            {type: array, uniqueItems: true, items: {type: string}} | .uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic
            {type: object, additionalProperties: false}            | .additionalProperties: Forbidden: additionalProperties cannot be set to false
            {type: object, additionalProperties: {type: string}, properties: {x: {type: string}}} | .additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
            {type: object, definitions: {x: {type: string}}}       | .definitions: Forbidden: definitions is not supported
            {type: integer, anyOf: [{type: integer}]}              | .anyOf[0].type: Forbidden: must be empty to be structural
            {type: object, anyOf: [{properties: {x: {minimum: 1}}}]} | .properties[x]: Required value: because it is defined in s.properties[a].anyOf[0].properties[x]
            {type: object, properties: {x: {type: integer}}, not: {properties: {x: {minimum: 1}}}} |
            {type: array, x-kubernetes-list-type: map, items: {type: object}} | .x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map
            {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}} | .items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
            {type: array, x-kubernetes-list-type: bag, items: {type: string}} | .x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "map", "set"
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
