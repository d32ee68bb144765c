package dev.keelson.apiserver.http.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an object of a built-in kind is as an item of a list. */
class ListItemTest {
    private static final List<String> FIELDS = List.of(
            "\"kind\":\"Pod\"",
            "\"apiVersion\":\"v1\"",
            "\"metadata\":{\"name\":\"kind\",\"labels\":{\"kind\":\"}\\\"{\",\"apiVersion\":\"a\\\\\"}}",
            "\"spec\":[{\"kind\":\"ä,\\\",apiVersion\"},[],\"kind\"]",
            "\"count\":1.50",
            "\"kinds\":null");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{}} | {\"metadata\":{}}",
                "{\"metadata\":{\"kind\":1},\"apiVersion\":\"v1\",\"kind\":\"Pod\"} | {\"metadata\":{\"kind\":1}}",
                "{\"a\":1,\"kind\":\"Pod\",\"b\":2,\"apiVersion\":\"v1\",\"c\":{}} | {\"a\":1,\"b\":2,\"c\":{}}",
                "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"} | {}",
                "{\"metadata\":{}} | {\"metadata\":{}}",
                "{} | {}"
            })
    void onlyTheTypeIsLeftOut(String object, String item) throws IOException {
        assertThat(written(object)).isEqualTo(item);
    }

    @Property(tries = 300)
    void theRestSaysWhatItSaid(@ForAll("objects") String object) throws IOException {
        String item = written(object);
        ObjectNode expected = (ObjectNode) StoredJson.MAPPER.readTree(object);
        expected.remove(List.of("kind", "apiVersion"));
        assertThat(StoredJson.MAPPER.readTree(item)).isEqualTo(expected);
        assertThat(new ListItem(object.getBytes(StandardCharsets.UTF_8)).length())
                .isEqualTo(item.getBytes(StandardCharsets.UTF_8).length);
    }

    @Provide
    Arbitrary<String> objects() {
        Arbitrary<String> blank = Arbitraries.of("", " ", "\n  ");
        Arbitrary<List<String>> fields = Arbitraries.shuffle(FIELDS)
                .flatMap(all -> Arbitraries.integers().between(0, all.size()).map(some -> all.subList(0, some)));
        return fields.flatMap(some -> blank.map(space ->
                "{" + space + String.join(space + "," + space, some).replace("\":", "\":" + space) + space + "}"));
    }

    private static String written(String object) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ListItem(object.getBytes(StandardCharsets.UTF_8)).writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
