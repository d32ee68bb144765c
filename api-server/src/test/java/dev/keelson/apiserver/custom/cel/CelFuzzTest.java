package dev.keelson.apiserver.custom.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a rule, it is refused in words or runs to its end or its cost; nothing else is thrown. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CelFuzzTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final int ROUNDS = 150;
    private static final List<String> RULES = List.of(
            "self.min <= self.max && self.names.exists(n, n.matches('^[a-z]+$'))",
            "self.names.map(n, n + 'x').filter(n, n.size() > 1).join(',').startsWith(\"ax\")",
            "has(self.min) ? self.min in [1, 2, 3] : {'a': 1.5e3, 'b': 0x1Fu}.size() == 2",
            "cel.bind(n, self.max, n / self.min == 5) || oldSelf.min != null",
            "duration('1m') < duration('1h') && timestamp('2024-01-02T03:04:05Z').getHours() == 3",
            "sets.contains(self.names, ['a']) && optional.of(1).orValue(2) == 1 && r'\\d' != b'x'");
    private static final String SYMBOLS = "()[]{}.,:?!&|=<>+-*/%'\"\\` _0a\u00e9\u0000";

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43})
    void brokenRulesAreRefusedOrRun(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder rule = new StringBuilder(RULES.get(random.nextInt(RULES.size())));
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(rule.length());
                switch (random.nextInt(3)) {
                    case 0 -> rule.deleteCharAt(at);
                    case 1 -> rule.insert(at, SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
                    default -> rule.insert(at, rule.substring(at, Math.min(rule.length(), at + random.nextInt(20))));
                }
            }
            tried(rule.toString(), "seed " + seed);
        }
    }

    @Test
    void deepAndLongRulesEndToo() throws IOException {
        for (String rule : List.of(
                "(".repeat(20_000) + "true" + ")".repeat(20_000),
                "!".repeat(20_000) + "true",
                "-".repeat(20_000) + "1 == 1",
                "[".repeat(20_000),
                "true" + " && true".repeat(5_000),
                "1" + " + 1".repeat(5_000) + " > 0",
                "self" + ".min".repeat(5_000) + " == 1",
                "true ? ".repeat(5_000) + "true",
                "self.names.all(x, ".repeat(200) + "true" + ")".repeat(200),
                "'" + "a".repeat(1 << 20) + "'.matches('(a+)+$')",
                "'a'.matches('" + "(".repeat(5_000) + "a" + ")".repeat(5_000) + "')",
                "'aaaa'.matches('((a{0,100}){0,100}){0,100}')",
                "cel.bind(a, 'xxxxxxxxxx', ".repeat(8) + "a + a + a == a" + ")".repeat(8))) {
            tried(rule, rule.substring(0, Math.min(40, rule.length())));
        }
    }

    private static void tried(String rule, String what) throws IOException {
        ObjectNode schema = (ObjectNode) YAML.readTree("""
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      min: {type: integer}
                      max: {type: integer}
                      names: {type: array, maxItems: 10, items: {type: string, maxLength: 20}}
                """);
        ((ObjectNode) schema.at("/properties/spec"))
                .putArray("x-kubernetes-validations")
                .addObject()
                .put("rule", rule);
        ObjectNode object = (ObjectNode) YAML.readTree("spec: {min: 1, max: 5, names: [a, b]}");
        try {
            Problems problems = new Problems();
            CelSchemaRules.check(schema, "schema", problems, part -> true);
            problems.list().forEach(problem -> assertThat(problem.message()).isNotBlank());
            if (problems.list().isEmpty()) {
                new CelRules(new Structural(schema)).check(object, Optional.of(object));
            }
        } catch (RuntimeException | StackOverflowError thrown) {
            throw new AssertionError(what + ": " + rule.substring(0, Math.min(300, rule.length())), thrown);
        }
    }
}
