package dev.keelson.apiserver.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
    private final BodyDecoder decoder = new BodyDecoder();

    private DecodedBody json(String text) {
        return decoder.decode(text.getBytes(UTF_8), "application/json; charset=utf-8");
    }

    private DecodedBody yaml(String text) {
        return decoder.decode(text.getBytes(UTF_8), "application/yaml");
    }

    @Test
    void numbersKeepTheirDigits() {
        String text = "{\"a\":1.50,\"b\":9223372036854775807,\"c\":92233720368547758070,\"d\":-0,\"e\":1}";
        JsonNode tree = json(text).tree();
        assertThat(tree.get("a").decimalValue()).hasToString("1.50");
        assertThat(tree.get("b").isLong()).isTrue();
        assertThat(tree.get("c").isBigInteger()).isTrue();
        assertThat(tree.get("e").isInt()).isTrue();
        assertThat(tree.toString()).contains("1.50").contains("92233720368547758070");
    }

    @Test
    void duplicatesAreReportedWithTheirPathAndTheLastOneWins() {
        DecodedBody body = json("{\"spec\":{\"replicas\":1,\"replicas\":2,\"l\":[{\"a\":1},{\"a\":1,\"a\":1}]}}");
        assertThat(body.duplicateMessages())
                .containsExactly("duplicate field \"spec.replicas\"", "duplicate field \"spec.l[1].a\"");
        assertThat(body.object().at("/spec/replicas").intValue()).isEqualTo(2);
        assertThat(yaml("spec:\n  replicas: 1\n  replicas: 2\n").duplicateFields())
                .containsExactly("spec.replicas");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "nul",
                "{\"a\":\"\\u0000\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\\u0000\":1}",
                "{\"a\":1e9999999}",
                "{\"a\":'b'}",
                "{\"a\":1,}"
            })
    void badJsonIsRefused(String text) {
        assertThatThrownBy(() -> json(text)).isInstanceOfSatisfying(BodyException.class, e -> assertThat(
                        e.kind().httpStatus())
                .isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment\n",
                "a: [",
                "a: 1\n b: 2",
                "a: .nan",
                "a: .inf",
                "a: 1\n---\nb: 2\n",
                "a: *missing",
                "? [x]\n: 1",
                "\"a\": \"\\u0000\"",
                "a: !!int x",
                "a: 1e99999",
                "a: \u0007",
                "%YAML 9"
            })
    void badYamlIsRefused(String text) {
        assertThatThrownBy(() -> yaml(text)).isInstanceOf(BodyException.class);
    }

    @Test
    void messagesSayWhereTheMistakeIs() {
        assertThatThrownBy(() -> json("{\n  \"a\": tru\n}")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> yaml("a: 1\nb: [1,\n")).hasMessageContaining("line");
        assertThatThrownBy(() -> json("[]").object()).hasMessageContaining("an array");
        assertThatThrownBy(() -> json("{\"spec\":{\"a\":\"\\u0000\"}}")).hasMessageContaining("spec.a contains");
    }

    @Test
    void depthIsLimitedInBothFormats() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> json(deep)).hasMessageContaining("deep");
        assertThatThrownBy(() -> yaml(deep)).isInstanceOf(BodyException.class);
        String fine = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
        assertThat(json(fine).tree().has("a")).isTrue();
    }

    @Test
    void aliasBombsAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        IntStream.range(1, 10)
                .forEach(i -> bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x")));
        assertThatThrownBy(() -> yaml(bomb.toString())).hasMessageContaining("aliases expand");
        assertThatThrownBy(() -> yaml("a: &a [*a]")).isInstanceOf(BodyException.class);
    }

    @Test
    void aliasesAndMergeKeysWork() {
        JsonNode tree = yaml("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\nlist: [*b]\n")
                .tree();
        assertThat(tree.get("use")).hasToString("{\"y\":3,\"x\":1}");
        assertThat(tree.at("/list/0/x").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes|true",
                "'\"yes\"'|'\"yes\"'",
                "On|true",
                "0o17|15",
                "017|15",
                "0x1F|31",
                "1_000|1000",
                "22:22|'\"22:22\"'",
                "~|null",
                "1.50|1.50",
                "1e3|1E+3",
                "!!str 1|'\"1\"'",
                "2001-12-14|'\"2001-12-14\"'",
                "!!binary aGk=|'\"aGk=\"'",
                "!custom x|'\"x\"'"
            })
    void yamlScalarsMeanWhatKubernetesToolsMean(String text, String json) {
        assertThat(yaml("v: " + text).tree().get("v")).hasToString(json);
    }

    @Test
    void jsonUnderTheYamlTypeIsRead() {
        DecodedBody body = decoder.decode("{\"a\":\t1}".getBytes(UTF_8), "application/apply-patch+yaml");
        assertThat(body.tree().get("a").intValue()).isEqualTo(1);
        assertThat(yaml("{a: 1}").tree().get("a").intValue()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] bad = {'{', '"', (byte) 0xc3, (byte) 0x28, '"', ':', '1', '}'};
        assertThatThrownBy(() -> decoder.decode(bad, "application/json")).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> decoder.decode(bad, "application/yaml")).hasMessageContaining("UTF-8");
        assertThatThrownBy(() ->
                        decoder.decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_16), "application/json"))
                .hasMessageContaining("NUL");
    }

    @Test
    void sizeAndTypeHaveTheirOwnStatus() {
        assertThatThrownBy(() -> decoder.decode(new byte[4 << 20], "application/json"))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        e -> assertThat(e.kind().httpStatus()).isEqualTo(413));
        assertThatThrownBy(() -> decoder.decode(new byte[1], "text/html"))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        e -> assertThat(e.kind().httpStatus()).isEqualTo(415))
                .hasMessage("the body of the request was in an unknown format - accepted media types include:"
                        + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
        assertThatThrownBy(() -> json("[" + "1,".repeat(1_400_000) + "1]"))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        e -> assertThat(e.kind().httpStatus()).isEqualTo(413));
    }
}
