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
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            =a           | found '=', expected: !, identifier, or 'end of string'
            ,a           | found ',', expected: !, identifier, or 'end of string'
            a=b,         | found '', expected: identifier after ','
            a,=          | found '=', expected: identifier after ','
            a==b==c      | found '==', expected: ',' or 'end of string'
            a=b=c        | found '=', expected: ',' or 'end of string'
            a=b c        | found 'c', expected: ',' or 'end of string'
            !a=b         | found '=', expected: ',' or 'end of string'
            a in ()x     | found 'x', expected: ',' or 'end of string'
            a b          | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
            a(b)         | unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt
            a in b       | unable to parse requirement: found 'b' expected: '('
            a in (       | unable to parse requirement: found '', expected: ',', ')' or identifier
            a in (b      | unable to parse requirement: found '', expected: ',' or ')'
            a in (b=     | unable to parse requirement: found '=', expected: ',' or ')'
            a in (b,=    | unable to parse requirement: found '=', expected: ',', or identifier
            !            | unable to parse requirement: found '', expected: identifier
            !!a          | unable to parse requirement: found '!', expected: identifier
            a==!=b       | unable to parse requirement: found '!=', expected: identifier
            a>x          | unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer
            -a=b         | unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of
            /x=y         | unable to parse requirement: <nil>: Invalid value: "/x": prefix part must be non-empty
            a/b/c=d      | unable to parse requirement: <nil>: Invalid value: "a/b/c": a qualified name must consist of
            a in (z,-y)  | unable to parse requirement: values[0][a]: Invalid value: "-y": a valid label must be
            """)
    void badLabelSelectorsAreRefusedAsApimachineryRefusesThem(String text, String words) {
        assertThatThrownBy(() -> LabelSelector.parse(text))
                .isInstanceOf(SelectorException.class)
                .message()
                .startsWith(words);
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
        assertThatThrownBy(() -> FieldSelector.parse(field, SelectableFields.usual()))
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
        assertThat(FieldSelector.parse(text, SelectableFields.of(fields)).matches(object))
                .isEqualTo(selected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            spec.foo=1,status.phase=x | field label not supported: spec.foo
            metadata.name=a,spec      | invalid selector: 'metadata.name=a,spec'; can't understand 'spec'
            metadata.name=a\\b       | invalid field selector: invalid escape sequence: \\b
            metadata.name=a\\        | invalid field selector: invalid escape sequence: \\
            metadata.name=a=b         | invalid field selector: unescaped character in value: 61
            """)
    void badFieldSelectorsAreRefusedAsApimachineryRefusesThem(String text, String words) {
        assertThatThrownBy(() -> FieldSelector.parse(text, SelectableFields.of(Set.of("status.phase"))))
                .isInstanceOf(SelectorException.class)
                .hasMessage(words);
    }

    @Test
    void kindsWithoutFieldsOfTheirOwnSayWhichThereAre() {
        assertThatThrownBy(() -> FieldSelector.parse("spec.foo=1", SelectableFields.usual()))
                .hasMessage("\"spec.foo\" is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\"");
        assertThat(FieldSelector.parse("metadata.name=a", SelectableFields.usual())
                        .requiredValue("metadata.name"))
                .contains("a");
    }
}
