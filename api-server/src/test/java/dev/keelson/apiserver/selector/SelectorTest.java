package dev.keelson.apiserver.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|true",
                "app=web|true",
                "app==web|true",
                "app!=web|false",
                "app!=db|true",
                "missing!=x|true",
                "app in (db, web)|true",
                "app notin (db,web)|false",
                "missing notin (a)|true",
                "app|true",
                "!app|false",
                "!missing|true",
                "n>4|true",
                "n<4|false",
                "app>1|false",
                "empty=|true",
                "app=|false",
                "app=web,n=5|true",
                "app=web, n=6|false",
                "empty in (,x)|true",
                "example.com/a.b=c|true",
                "in=out|true"
            })
    void labelSelectors(String text, boolean selected) {
        JsonNode labels = tree("{\"app\":\"web\",\"n\":\"5\",\"empty\":\"\",\"example.com/a.b\":\"c\",\"in\":\"out\"}");
        assertThat(LabelSelector.parse(text).matches(labels)).isEqualTo(selected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=a",
                "a=b,",
                ",a",
                "a in b",
                "a in (b",
                "a in ()x",
                "a b",
                "a==b==c",
                "a=b=c",
                "!",
                "a>x",
                "-a=b",
                "a=b c",
                "a/b/c=d",
                "/x=y",
                "a in ("
            })
    void badLabelSelectorsTeach(String text) {
        assertThatThrownBy(() -> LabelSelector.parse(text))
                .isInstanceOf(SelectorException.class)
                .message()
                .isNotBlank();
    }

    /** Whoever sends a megabyte gets a short answer at once. */
    @Test
    void selectorsOfAMegabyteAreNotRead() {
        String label = "a in (" + "x,".repeat(500_000) + "x)";
        String field = "metadata.name!=" + "x".repeat(1_000_000);
        assertThatThrownBy(() -> LabelSelector.parse(label))
                .isInstanceOf(SelectorException.class)
                .hasMessage("the label selector has 1000008 characters; at most 65536 are read");
        assertThatThrownBy(() -> LabelSelector.parse("a,".repeat(1_001) + "a"))
                .isInstanceOf(SelectorException.class)
                .hasMessage("the label selector has more than 1000 requirements");
        assertThatThrownBy(() -> FieldSelector.parse(field, Set.of()))
                .isInstanceOf(SelectorException.class)
                .hasMessageContaining("at most 65536 are read");
    }

    @Test
    void labelSelectorObjects() {
        JsonNode selector = tree(
                "{\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":[{\"key\":\"c\",\"operator\":\"In\",\"values\":[\"d\"]},{\"key\":\"e\",\"operator\":\"DoesNotExist\"}]}");
        assertThat(LabelSelector.fromObject(selector).matches(tree("{\"a\":\"b\",\"c\":\"d\"}")))
                .isTrue();
        assertThat(LabelSelector.fromObject(selector).matches(tree("{\"a\":\"b\",\"c\":\"d\",\"e\":\"\"}")))
                .isFalse();
        assertThat(LabelSelector.fromObject(tree("{}")).selectsEverything()).isTrue();
        assertThatThrownBy(() ->
                        LabelSelector.fromObject(tree("{\"matchExpressions\":[{\"key\":\"c\",\"operator\":\"Is\"}]}")))
                .hasMessageContaining("not a valid label selector operator");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status.phase=Running|true",
                "status.phase!=Running|false",
                "spec.nodeName=|true",
                "spec.nodeName!=|false",
                "metadata.name=a,status.phase==Running|true",
                "spec.unschedulable=false|true",
                "''|true",
                "metadata.name=a\\,b|false"
            })
    void fieldSelectors(String text, boolean selected) {
        JsonNode object = tree("{\"metadata\":{\"name\":\"a\"},\"status\":{\"phase\":\"Running\"}}");
        Set<String> fields = Set.of("status.phase", "spec.nodeName", "spec.unschedulable");
        assertThat(FieldSelector.parse(text, fields).matches(object)).isEqualTo(selected);
    }

    @Test
    void unknownFieldsAreNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> FieldSelector.parse("spec.foo=1", Set.of("status.phase")))
                .hasMessageContaining("spec.foo")
                .hasMessageContaining("status.phase");
        assertThatThrownBy(() -> FieldSelector.parse("spec.foo", Set.of())).hasMessageContaining("field=value");
        assertThatThrownBy(() -> FieldSelector.parse("metadata.name=a\\b", Set.of()))
                .hasMessageContaining("backslash");
        assertThat(FieldSelector.parse("metadata.name=a", Set.of()).requiredValue("metadata.name"))
                .contains("a");
    }
}
