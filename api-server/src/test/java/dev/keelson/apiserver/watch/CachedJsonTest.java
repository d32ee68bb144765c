package dev.keelson.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedJsonTest {

    @Test
    void numbersOfTheTreeKeepTheDigitsThatTheyWereWrittenWith() {
        byte[] json = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"ratio\":1.50,\"big\":12345678901234567890}}"
                .getBytes(StandardCharsets.UTF_8);
        CachedJson cached =
                new CachedJson(new Stored(new ObjectKey("", "things", "ns", "a"), "uid", new Revision(7), json));

        assertThat(cached.tree().path("spec")).hasToString("{\"ratio\":1.50,\"big\":12345678901234567890}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`metadata`:{`name`:`x`,`labels`:{`a`:`1`,`b.io/c`:`2`},`uid`:`u`}}",
                "{`data`:{`metadata`:{`labels`:{`a`:`wrong`}}}, `metadata` : { `labels` : { `b.io/c` : `2` , `a` : `1` } } }",
                "{`metadata`:{`annotations`:{`labels`:`a`},`labels`:{`x`:`a`,`a`:`1`,`aa`:`3`,`b.io/c`:`2`}}}",
                "{`metadata`:{`labels`:{`odd`:null,`a`:`1`,`b.io/c`:`2`}}}",
                "{`metadata`:{`labels`:{`\\u0061`:`1`,`b.io/c`:`2`}}}"
            })
    void labelsAreFoundWithoutTheTree(String json) {
        CachedJson object = object(json.replace('`', '"'));

        assertThat(label(object, "a")).contains("1");
        assertThat(label(object, "b.io/c")).contains("2");
        assertThat(label(object, "c")).isEmpty();
        assertThat(label(object, "1")).isEmpty();
        assertThat(object.has(LabelTest.present("a"))).isTrue();
        assertThat(object.has(LabelTest.present("1"))).isFalse();
        assertThat(object.has(LabelTest.oneOf("b.io/c", Set.of("1", "2")))).isTrue();
        assertThat(object.has(LabelTest.oneOf("a", Set.of("2", "wrong", "")))).isFalse();
        assertThat(object.has(LabelTest.oneOf("2", Set.of("a")))).isFalse();
    }

    /** Thirty-two bits for all labels: many share one, which must decide nothing. */
    @Test
    void labelsThatShareABitAreToldApart() {
        String labels = IntStream.range(0, 40)
                .mapToObj(i -> "\"k%d\":\"v%d\"".formatted(i, i))
                .collect(Collectors.joining(","));
        CachedJson many = object("{\"metadata\":{\"labels\":{" + labels + "}}}");
        CachedJson one = object("{\"metadata\":{\"labels\":{\"k7\":\"v7\"}}}");

        for (int key = 0; key < 40; key++) {
            for (int value = 0; value < 40; value++) {
                LabelTest test = LabelTest.oneOf("k" + key, Set.of("v" + value));
                assertThat(many.has(test)).as("%d %d", key, value).isEqualTo(key == value);
                assertThat(one.has(test)).as("%d %d", key, value).isEqualTo(key == 7 && value == 7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'metadata':{}}", "{'metadata':{'labels':{}}}", "{'metadata':{'labels':null}}"})
    void objectWithoutLabelsHasNone(String json) {
        CachedJson object = object(json.replace('\'', '"'));

        assertThat(label(object, "a")).isEmpty();
        assertThat(object.has(LabelTest.present("a"))).isFalse();
    }

    private static Optional<String> label(CachedJson object, String key) {
        return object.label(LabelTest.present(key));
    }

    private static CachedJson object(String json) {
        return new CachedJson(new Stored(
                new ObjectKey("", "things", "ns", "a"), "uid", new Revision(7), json.getBytes(StandardCharsets.UTF_8)));
    }
}
