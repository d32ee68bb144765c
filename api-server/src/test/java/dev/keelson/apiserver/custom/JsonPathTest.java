package dev.keelson.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {
    private static final String OBJECT = """
            metadata: {labels: {example.com/app: web}}
            spec: {replicas: 3, list: [{n: 1}, {n: 2}]}
            status: {conditions: [{type: Ready, status: "True"}, {type: Synced, status: "False"}]}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            .spec.replicas                                  | 3
            $.spec.replicas                                 | 3
            .spec.list[1].n                                 | 2
            .spec.list[-1].n                                | 2
            .spec.list[*].n                                 | 1
            .metadata.labels.example\\.com/app              | "web"
            .metadata.labels['example.com/app']             | "web"
            .status.conditions[?(@.type=="Synced")].status  | "False"
            .status.conditions[?(@.type=='Ready')].status   | "True"
            .spec.list[?(@.n>1)].n                          | 2
            ..replicas                                      | 3
            .spec.nothing.more                              | none
            .status.conditions[?(@.type=="Never")].status   | none
            """)
    void findsTheFirstValue(String path, String value) throws IOException {
        JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(OBJECT);
        assertThat(JsonPath.parse(path).first(root).map(JsonNode::toString).orElse("none"))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", ".spec[", ".spec[x]", ".spec..", ".a b", ".list[?(n)]"})
    void refusesWhatIsNoPath(String path) {
        assertThat(JsonPath.problem(path)).isPresent();
    }
}
