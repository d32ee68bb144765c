package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.flowcontrol.FirstFlows;
import dev.keelson.apiserver.registry.flowcontrol.FlowConditions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of FlowSchemas and PriorityLevelConfigurations, in the words of Kubernetes 1.32. */
class FlowControlKindsTest {
    private static final String GROUP = ".flowcontrol.apiserver.k8s.io";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /matchingPrecedence | 1 | .matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1
            /matchingPrecedence | -1 | .matchingPrecedence: Invalid value: -1: must be a positive value
            /distinguisherMethod | {type: ByMoon} | .distinguisherMethod.type: Unsupported value: "ByMoon": supported values: "ByNamespace", "ByUser"
            /priorityLevelConfiguration | {name: A} | .priorityLevelConfiguration.name: Invalid value: "A": a lowercase RFC 1123 subdomain
            /rules/0/subjects | [] | .rules[0].subjects: Required value: subjects must contain at least one value
            /rules/0/subjects | [{kind: User}] | .rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'
            /rules/0/subjects | [{kind: User, user: {name: a}, group: {name: b}}] | .rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'
            /rules/0/subjects | [{kind: ServiceAccount, serviceAccount: {name: '*'}}] | .rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account
            /rules/0/subjects | [{kind: ServiceAccount, serviceAccount: {name: '*', namespace: a.b}}] | .rules[0].subjects[0].serviceAccount.namespace: Invalid value: "a.b": a lowercase RFC 1123 label
            /rules/0/resourceRules/0/verbs | [read] | .rules[0].resourceRules[0].verbs: Unsupported value: []string{"read"}: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"
            /rules/0/resourceRules/0/verbs | ['*', get] | .rules[0].resourceRules[0].verbs: Invalid value: []string{"*", "get"}: if '*' is present, must not specify other verbs
            /rules/0/resourceRules/0/apiGroups | [] | .rules[0].resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group
            /rules/0/resourceRules/0/apiGroups | ['*', a] | .rules[0].resourceRules[0].apiGroups: Invalid value: []string{"*", "a"}: if '*' is present, must not specify other api groups
            /rules/0/resourceRules/0/resources | [] | .rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one resource
            /rules/0/resourceRules/0/namespaces | [A] | .rules[0].resourceRules[0].namespaces[0]: Invalid value: "A": each member of this list must be '*' or a DNS-1123 label; a lowercase
            /rules/0/nonResourceRules/0/nonResourceURLs | [x] | .rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "x": must start with slash
            /rules/0/nonResourceRules/0/nonResourceURLs | [/a//b] | .rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a//b": must not contain double slash
            /rules/0/nonResourceRules/0/nonResourceURLs | [/a*] | .rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only do suffix matching
            /rules/0/nonResourceRules/0/nonResourceURLs | [/a/*] |
            """)
    void flowSchemas(String pointer, String value, String problem) {
        expect("flowschemas", "/spec" + pointer, value, problem == null ? null : "spec" + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /spec | {type: Exempt} | spec.type: Invalid value: "Exempt": type must be 'Exempt' if and only if name is 'exempt'
            /spec/limited/nominalConcurrencyShares | -1 | spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer
            /spec/limited/borrowingLimitPercent | -1 | spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer
            /spec/limited/lendablePercent | 101 | spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive
            /spec/limited/limitResponse/queuing/queueLengthLimit | -1 | spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive
            /spec/limited/limitResponse/queuing | {queues: 10000, handSize: 5} | spec.limited.limitResponse.queuing.handSize: Invalid value: 5: required entropy bits of deckSize 10000 and handSize 5 should not be greater than 60
            /spec/limited/limitResponse/queuing | {queues: 10000, handSize: 4} |
            """)
    void priorityLevels(String pointer, String value, String problem) {
        expect("prioritylevelconfigurations", pointer, value, problem);
    }

    private static void expect(String plural, String pointer, String value, String problem) {
        List<String> problems = KindRows.problems(plural + GROUP, KindRows.changed(plural + GROUP, pointer, value));
        if (problem == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().startsWith(problem);
        }
    }

    @Test
    void whatThereIsFromTheStartIsValidAndComplete() {
        assertThat(FirstFlows.schemas()).hasSize(13).allSatisfy(schema -> sound("flowschemas", schema));
        assertThat(FirstFlows.levels()).hasSize(8).allSatisfy(level -> sound("prioritylevelconfigurations", level));
    }

    private static void sound(String plural, ObjectNode object) {
        ObjectNode completed = object.deepCopy();
        assertThat(KindRows.problems(plural + GROUP, completed)).isEmpty();
        assertThat(completed.path("spec")).isEqualTo(object.path("spec"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            flowschemas | exempt | /spec/distinguisherMethod | {type: ByUser} | spec of 'exempt' must equal the fixed value
            flowschemas | catch-all | /spec/rules/0/subjects/0/group/name | me | spec of 'catch-all' must equal the fixed value
            flowschemas | probes | /spec/matchingPrecedence | 3 |
            prioritylevelconfigurations | catch-all | /spec/limited/lendablePercent | 1 | spec of 'catch-all' must equal the fixed value
            prioritylevelconfigurations | exempt | /spec/exempt/nominalConcurrencyShares | 7 |
            prioritylevelconfigurations | exempt | /spec/exempt | - |
            prioritylevelconfigurations | system | /spec/limited/lendablePercent | 1 |
            """)
    void someSpecsAreFixed(String plural, String name, String pointer, String value, String problem) {
        ObjectNode object = (plural.equals("flowschemas") ? FirstFlows.schemas() : FirstFlows.levels())
                .stream()
                        .filter(first -> Meta.name(first).equals(name))
                        .findFirst()
                        .orElseThrow();
        KindRows.set(object, pointer, value);

        List<String> problems = KindRows.problems(plural + GROUP, object);

        if (problem == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith("spec: Invalid value: {")
                    .endsWith(problem);
        }
    }

    @Test
    void schemasSayWhetherTheirLevelExists() {
        ObjectNode schema = KindRows.created("flowschemas" + GROUP);
        Instant later = KindRows.NOW.plusSeconds(1);

        assertThat(FlowConditions.tells(schema, true)).isFalse();
        FlowConditions.tell(schema, true, KindRows.NOW);
        assertThat(FlowConditions.tells(schema, true)).isTrue();
        assertThat(schema.at("/status/conditions"))
                .isEqualTo(KindRows.yaml("[{type: Dangling, status: 'False', reason: Found,"
                        + " lastTransitionTime: '2026-01-01T01:00:00Z', message: This FlowSchema references the"
                        + " PriorityLevelConfiguration object named \"low\" and it exists}]"));

        schema.withObject("/spec/priorityLevelConfiguration").put("name", "other");
        assertThat(FlowConditions.tells(schema, true)).isFalse();
        FlowConditions.tell(schema, true, later);
        assertThat(schema.at("/status/conditions/0/lastTransitionTime").asText())
                .isEqualTo("2026-01-01T01:00:00Z");

        FlowConditions.tell(schema, false, later);
        assertThat(schema.at("/status/conditions").size()).isEqualTo(1);
        assertThat(schema.at("/status/conditions/0/status").asText()).isEqualTo("True");
        assertThat(schema.at("/status/conditions/0/lastTransitionTime").asText())
                .isEqualTo("2026-01-01T01:00:01Z");
    }
}
