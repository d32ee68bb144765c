package dev.keelson.apiserver.registry.apiextensions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which fields a custom kind may be selected by, in the words of apiextensions. */
class SelectableFieldRulesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String SCHEMA = """
            type: object
            properties:
              metadata: {type: object, properties: {name: {type: string}}}
              spec:
                type: object
                properties:
                  color: {type: string, enum: [red, blue]}
                  day: {type: string, format: date}
                  size: {type: integer}
                  sold: {type: boolean}
                  price: {type: number}
                  either: {x-kubernetes-int-or-string: true}
                  tags: {type: array, items: {type: string}}
                  marks: {type: object, additionalProperties: {type: string}}
                  nested: {type: object, properties: {a: {type: string}}}
            """;
    private static final String WRONG_TYPE =
            "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are"
                    + " allowed.";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [.spec.color, .spec.day, .spec.size, .spec.sold, .spec.nested.a, .spec.marks.any] |
            [.spec.price]            | f[0].jsonPath: Invalid value: ".spec.price": TYPE
            [.spec.either]           | f[0].jsonPath: Invalid value: ".spec.either": TYPE
            [.spec.tags]             | f[0].jsonPath: Invalid value: ".spec.tags": TYPE
            [.spec.nested]           | f[0].jsonPath: Invalid value: ".spec.nested": TYPE
            [.spec.none]             | f[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field
            [.spec.color.deeper]     | f[0].jsonPath: Invalid value: ".spec.color.deeper": is an invalid path: does not refer to a valid field
            [spec.color]             | f[0].jsonPath: Invalid value: "spec.color": is an invalid path: expected [ or . but got: spec
            [.spec.]                 | f[0].jsonPath: Invalid value: ".spec.": is an invalid path: unexpected end of JSON path
            [".spec['color']"]       | f[0].jsonPath: Invalid value: ".spec['color']": is an invalid path: array notation is not allowed
            [".spec.tags[0]"]        | f[0].jsonPath: Invalid value: ".spec.tags[0]": is an invalid path: array notation is not allowed
            [..color]                | f[0].jsonPath: Invalid value: "..color": is an invalid path: does not refer to a valid field
            [""]                     | f[0].jsonPath: Required value
            [.metadata.name]         | f[0].jsonPath: Invalid value: ".metadata.name": must not point to fields in metadata
            [.spec.color, .spec.color] | f[1].jsonPath: Duplicate value: ".spec.color"
            [.spec.marks.a, .spec.marks.b, .spec.marks.c, .spec.marks.d, .spec.marks.e, .spec.marks.f, .spec.marks.g, .spec.marks.h, .spec.marks.i] | f: Too many: 9: must have at most 8 items
            """)
    void saysWhatMayNotBeSelectedBy(String paths, String error) throws IOException {
        Problems problems = new Problems();
        ArrayNode fields = YAML.createArrayNode();
        for (JsonNode path : YAML.readTree(paths)) {
            fields.addObject().set("jsonPath", path);
        }
        SelectableFieldRules.check(fields, "f", new Structural(YAML.readTree(SCHEMA)), problems);
        assertThat(problems.list())
                .extracting(one -> one.field() + ": " + one.message())
                .isEqualTo(error == null ? List.of() : List.of(error.replace("TYPE", WRONG_TYPE)));
    }
}
