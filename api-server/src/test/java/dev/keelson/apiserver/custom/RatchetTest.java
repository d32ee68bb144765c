package dev.keelson.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.FieldError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatchetTest {
    private static final String OLD = "{spec: {a: 1, list: [{n: x}], labels: {k.io/a: b}}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            spec.a          | {spec: {a: 1, b: 2}}                 | true
            spec.a          | {spec: {a: 2}}                       | false
            spec.list[0].n  | {spec: {list: [{n: x}, {n: y}]}}     | true
            spec.list[1].n  | {spec: {list: [{n: x}, {n: y}]}}     | false
            spec.missing    | {spec: {a: 2}}                       | true
            new.missing     | {new: {}}                            | false
            <nil>           | {spec: {a: 1}}                       | false
            """)
    void forgivesWhatWasThereBefore(String field, String updated, boolean forgiven) throws IOException {
        List<FieldError> errors = List.of(FieldError.invalid(field, "", "x"));
        assertThat(Ratchet.forgive(errors, yaml(updated), yaml(OLD)).isEmpty()).isEqualTo(forgiven);
    }

    private static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(text);
    }
}
