package dev.keelson.apiserver.custom.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelRulesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final String OBJECT = """
            apiVersion: example.com/v1
            kind: Thing
            metadata: {name: it, labels: {a: b}}
            spec:
              min: 1
              replicas: 3
              max: 5
              ratio: 0.5
              names: [b, a]
              ports: [{name: http, port: 80}, {name: https, port: 443}]
              labels: {a: x, b: y}
              since: 2024-01-02T03:04:05Z
              wait: 1m30s
              target: 80%
              cpu: 500m
              url: https://user@example.com:8443/a/b?x=1&x=2
              ip: 192.168.0.1
              namespace: kept
              with-dash: 1
              nothing: null
            """;

    private static final String SPEC = """
            type: object
            properties:
              min: {type: integer}
              replicas: {type: integer}
              max: {type: integer}
              ratio: {type: number}
              names: {type: array, maxItems: 10, items: {type: string, maxLength: 20}}
              ports:
                type: array
                maxItems: 10
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, required: [name], properties: {name: {type: string, maxLength: 20}, port: {type: integer}}}
              labels: {type: object, maxProperties: 10, additionalProperties: {type: string, maxLength: 20}}
              since: {type: string, format: date-time}
              wait: {type: string, format: duration}
              target: {x-kubernetes-int-or-string: true}
              cpu: {type: string, maxLength: 20}
              url: {type: string, maxLength: 200}
              ip: {type: string, maxLength: 40}
              namespace: {type: string, maxLength: 20}
              with-dash: {type: integer}
              nothing: {type: string, nullable: true, maxLength: 20}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.min <= self.replicas && self.replicas <= self.max",
                "self.ratio < 1.0",
                "self.names.all(n, n.size() == 1)",
                "self.ports.exists(p, p.name == 'http' && p.port == 80)",
                "self.ports.filter(p, p.port > 100).map(p, p.name) == ['https']",
                "self.labels['a'] == 'x' && 'b' in self.labels && self.labels.all(k, k.size() == 1)",
                "self.since > timestamp('2024-01-01T00:00:00Z') && self.since.getFullYear() == 2024",
                "self.wait == duration('90s')",
                "type(self.target) == string ? self.target == '80%' : self.target == 80",
                "!has(self.nothing) && has(self.min)",
                "self.__namespace__ == 'kept' && self.with__dash__dash == 1",
                "quantity(self.cpu).isLessThan(quantity('1')) && quantity('1Ki').asInteger() == 1024",
                "quantity('1').add(quantity('500m')).compareTo(quantity('1500m')) == 0 && !isQuantity('x')",
                "url(self.url).getHost() == 'example.com:8443' && url(self.url).getHostname() == 'example.com'",
                "url(self.url).getQuery()['x'] == ['1', '2'] && url(self.url).getEscapedPath() == '/a/b'",
                "isURL('https://a/b') && !isURL('a b')",
                "isIP(self.ip) && ip(self.ip).family() == 4 && !ip(self.ip).isLoopback()",
                "!isIP('10.0.0.01') && !isCIDR('10.0.00.0/8') && !isCIDR('10.0.0.0/08')",
                "cidr('192.168.0.0/16').containsIP(self.ip) && cidr('10.0.0.1/8').masked() == cidr('10.0.0.0/8')",
                "string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1' && cidr('10.0.0.0/8').prefixLength() == 8",
                "self.url.find('[0-9]+') == '8443' && 'a1b2'.findAll('[0-9]') == ['1', '2']",
                "!self.names.isSorted() && self.names.min() == 'a' && [1, 2, 3].sum() == 6",
                "[1, 2, 1].lastIndexOf(1) == 2 && self.names.indexOf('a') == 1",
                "'%s has %d of %.1f'.format([self.names, 3, 2.5]) == '[b, a] has 3 of 2.5'",
                "!format.named('dns1123Label').value().validate('ok').hasValue()",
                "format.named('dns1123Label').value().validate('NOT').value().size() == 1",
                "self.?nothing.orValue('none') == 'none'",
                "sets.contains(self.names, ['a']) && self.names.exists_one(n, n == 'a')",
                "self.names.join(',') == 'b,a' && 'a,b'.split(',').size() == 2",
                "cel.bind(n, self.replicas, n + 1 == 4)",
            })
    void holds(String rule) {
        assertThat(check(rule, "{}", OBJECT, "")).isEmpty();
    }

    @Test
    void aBrokenRuleSaysItsMessage() {
        assertThat(words("self.min > self.max", "{}"))
                .containsExactly("spec: Invalid value: \"object\": failed rule: self.min > self.max");
        assertThat(words("self.min > self.max", "{message: min is too small}"))
                .containsExactly("spec: Invalid value: \"object\": min is too small");
        assertThat(words(
                        "self.min > self.max",
                        "{messageExpression: \"'%d is not above %d'.format([self.min, self.max])\"}"))
                .containsExactly("spec: Invalid value: \"object\": 1 is not above 5");
        assertThat(words("self.min > self.max", "{messageExpression: \"string(1 / 0)\", message: plain}"))
                .containsExactly("spec: Invalid value: \"object\": plain");
        assertThat(words("self.min > self.max", "{reason: FieldValueForbidden, fieldPath: .min, message: never}"))
                .containsExactly("spec.min: Forbidden: never");
        assertThat(words("self.min > self.max", "{reason: FieldValueDuplicate, fieldPath: .min, message: never}"))
                .containsExactly("spec.min: Duplicate value: \"object\"");
        assertThat(words("self.min > self.max", "{fieldPath: \".labels['a']\"}"))
                .containsExactly("spec.labels[a]: Invalid value: \"object\": failed rule: self.min > self.max");
        assertThat(words("self.min > self.max", "{messageExpression: \"'x'.replace('x', 'two\\\\nlines')\"}"))
                .containsExactly("spec: Invalid value: \"object\": failed rule: self.min > self.max");
        assertThat(words("self.min > self.max", "{reason: FieldValueRequired, fieldPath: .min, message: never}"))
                .containsExactly("spec.min: Required value: never");
    }

    /** The words are those of Go's implementation. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            self.min / 0 == 1                     | division by zero evaluating rule: self.min / 0 == 1
            self.min % 0 == 1                     | modulus by zero evaluating rule: self.min % 0 == 1
            self.names[7] == 'a'                  | index out of bounds: 7 evaluating rule: self.names[7] == 'a'
            self.labels['z'] == 'a'               | no such key: z evaluating rule: self.labels['z'] == 'a'
            9223372036854775807 + self.min > 0    | integer overflow evaluating rule: 9223372036854775807 + self.min > 0
            self.ports.map(p, p.port).filter(n, n > 1000).max() == 1 | max called on empty list evaluating rule: self.ports.map(p, p.port).filter(n, n > 1000).max() == 1
            self.cpu.charAt(9) == 'x'             | index out of range: 9 evaluating rule: self.cpu.charAt(9) == 'x'
            self.target + 1 == 2                  | 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.target + 1 == 2
            """)
    void aRuleThatFailsSaysWhy(String rule, String why) {
        assertThat(words(rule, "{}")).containsExactly("spec: Invalid value: \"object\": " + why);
        assertThat(words(rule, "{message: ' so '}"))
                .containsExactly("spec: Invalid value: \"object\": " + why.replace("rule: " + rule, "rule: so"));
    }

    @Test
    void rulesAboutChangesRunOnChangesOnly() {
        String rule = "self.replicas >= oldSelf.replicas";
        assertThat(check(rule, "{}", OBJECT, "")).isEmpty();
        assertThat(check(rule, "{}", OBJECT, OBJECT)).isEmpty();
        assertThat(check(rule, "{}", OBJECT.replace("replicas: 3", "replicas: 2"), OBJECT))
                .hasSize(1);
        String optional = "oldSelf.hasValue() ? self.replicas != oldSelf.value().replicas : self.replicas == 3";
        assertThat(check(optional, "{optionalOldSelf: true}", OBJECT, "")).isEmpty();
        assertThat(check(optional, "{optionalOldSelf: true}", OBJECT, OBJECT)).hasSize(1);
    }

    @Test
    void whatRunsLongIsEndedByItsCost() {
        StringBuilder many = new StringBuilder("spec: {names: [a");
        many.append(",a".repeat(2_000)).append("]}");
        assertThat(check(
                        "self.names.all(x, self.names.all(y, self.names.all(z, x == y && y == z)))",
                        "{}",
                        many.toString(),
                        ""))
                .singleElement()
                .extracting(FieldError::detail)
                .asString()
                .contains("cost");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            self.nothere == 1                                  | rule              | undefined field 'nothere'
            self.min                                           | rule              | cel expression must evaluate to a bool
            self.min ==                                        | rule              | compilation failed
            self.min == 'a'                                    | rule              | no matching overload
            self.names.all(x, self.names.all(y, x == y) && oldSelf.min == 1 && | rule | compilation failed
            self.min ==                                        | rule              | ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>' expecting
            self.min == 1 &&& true                             | rule              | ERROR: <input>:1:17: Syntax error: token recognition error at: '& '
            """)
    void aRuleThatCannotRunIsRefused(String rule, String field, String words) {
        assertThat(schemaProblems(rule, SPEC, "{}"))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).endsWith(".x-kubernetes-validations[0]." + field))
                .satisfies(error -> assertThat(error.message()).contains(words));
    }

    @Test
    void whatDoesNotCompileIsShownWithItsPlace() {
        assertThat(schemaProblems("self.min == 'a'", SPEC, "{}"))
                .singleElement()
                .satisfies(error -> assertThat(error.detail())
                        .isEqualTo(
                                "compilation failed: ERROR: <input>:1:10: found no matching overload for '_==_' applied"
                                        + " to '(int, string)'\n | self.min == 'a'\n | .........^"));
        assertThat(schemaProblems("true", SPEC, "{messageExpression: self.x}"))
                .singleElement()
                .satisfies(error -> assertThat(error.detail())
                        .startsWith("messageExpression compilation failed: ERROR: <input>:1:5: undefined field 'x'"));
        assertThat(schemaProblems("true", SPEC, "{messageExpression: self.min}"))
                .singleElement()
                .satisfies(
                        error -> assertThat(error.detail()).isEqualTo("messageExpression must evaluate to a string"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            self.min <= self.max      | {}                | {spec: {min: 3, max: 1}}   | {spec: {min: 3, max: 1}} | false
            self.min <= self.max      | {fieldPath: .min} | {spec: {min: 3, max: 5}}   | {spec: {min: 3, max: 1}} | true
            self.min <= self.max      | {fieldPath: .min} | {spec: {min: 3, max: 1}}   | {spec: {min: 3, max: 2}} | true
            self.min > oldSelf.min    | {}                | {spec: {min: 3}}           | {spec: {min: 3}}         | true
            self.min > self.max       | {}                | {spec: {min: 3}}           | {spec: {min: 3}}         | true
            """)
    void onlyRulesAboutTheValueAloneForgiveWhatIsUnchanged(
            String rule, String more, String old, String updated, boolean refused) {
        assertThat(check(rule, more, updated, old)).hasSize(refused ? 1 : 0);
    }

    @Test
    void aRuleThatMayCostTooMuchIsRefused() {
        String unbounded = SPEC.replace("maxItems: 10, items: {type: string, maxLength: 20}", "items: {type: string}");
        assertThat(schemaProblems("self.names.all(x, self.names.all(y, x == y))", unbounded, "{}"))
                .first()
                .extracting(FieldError::message)
                .asString()
                .startsWith("Forbidden: estimated rule cost exceeds budget by factor of more than 100x");
        assertThat(schemaProblems("self.names.all(x, self.names.all(y, x == y))", SPEC, "{}"))
                .isEmpty();
    }

    @Test
    void aMessageThatMayCostTooMuchIsRefused() {
        String unbounded = SPEC.replace("maxItems: 10, items: {type: string, maxLength: 20}", "items: {type: string}");
        String message = "{messageExpression: \"self.names.all(x, self.names.all(y, x == y)) ? 'a' : 'b'\"}";
        assertThat(schemaProblems("self.min < 5", unbounded, message))
                .first()
                .satisfies(error -> assertThat(error.field()).endsWith("[0].messageExpression"))
                .extracting(FieldError::message)
                .asString()
                .startsWith("Forbidden: estimated messageExpression cost exceeds budget by factor of more than 100x");
        assertThat(schemaProblems("self.min < 5", SPEC, message)).isEmpty();
    }

    /** Each of them would pass alone. */
    @Test
    void manyRulesMayCostTooMuchTogether() {
        String spec = SPEC.replace("maxItems: 10", "maxItems: 1000");
        String rule = "self.names.all(x, self.names.all(y, x == y))";
        assertThat(schemaProblems(rule, spec, "{}")).isEmpty();
        ObjectNode schema = schema(rule, spec, "{}");
        ArrayNode rules = (ArrayNode) schema.at("/properties/spec/x-kubernetes-validations");
        while (rules.size() < 500) {
            rules.add(rules.get(0).deepCopy());
        }
        Problems problems = new Problems();
        CelSchemaRules.check(schema, "schema", problems, part -> true);
        assertThat(problems.list()).hasSize(5);
        assertThat(problems.list().getFirst().field())
                .isEqualTo("schema.properties[spec].x-kubernetes-validations[0].rule");
        assertThat(problems.list().getFirst().message())
                .isEqualTo("Forbidden: contributed to estimated rule cost total exceeding cost limit for entire"
                        + " OpenAPIv3 schema");
        assertThat(problems.list().getLast().field()).isEqualTo("schema");
        assertThat(problems.list().getLast().message())
                .startsWith("Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
                        + " exceeds budget by factor of ");
    }

    private static List<String> words(String rule, String more) {
        return check(rule, more, OBJECT, "").stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }

    private static List<FieldError> check(String rule, String more, String object, String old) {
        CelRules rules = new CelRules(new Structural(schema(rule, SPEC, more)));
        return rules.check(
                (ObjectNode) yaml(object), old.isEmpty() ? Optional.empty() : Optional.of((ObjectNode) yaml(old)));
    }

    private static List<FieldError> schemaProblems(String rule, String spec, String more) {
        Problems problems = new Problems();
        CelSchemaRules.check(schema(rule, spec, more), "schema", problems, part -> true);
        return problems.list();
    }

    private static ObjectNode schema(String rule, String spec, String more) {
        ObjectNode root = (ObjectNode) yaml("{type: object, properties: {}}");
        ObjectNode declared = (ObjectNode) yaml(spec);
        ObjectNode validation = (ObjectNode) yaml(more);
        validation.put("rule", rule);
        declared.putArray("x-kubernetes-validations").add(validation);
        ((ObjectNode) root.path("properties")).set("spec", declared);
        return root;
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
