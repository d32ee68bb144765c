package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacKindsTest {
    private static final String GROUP = ".rbac.authorization.k8s.io";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "roles | /rules/0/verbs | [] | rules[0].verbs | Required value: verbs must contain at least one value",
                "roles | /rules/0/apiGroups | - | rules[0].apiGroups | Required value: resource rules must supply at least one api group",
                "roles | /rules/0/resources | - | rules[0].resources | Required value: resource rules must supply at least one resource",
                "roles | /rules/0 | {verbs: [get], nonResourceURLs: [/x]} | rules[0].nonResourceURLs | Invalid value: []string{\"/x\"}: namespaced rules cannot apply",
                "clusterroles | /rules/1/resources | [pods] | rules[1].nonResourceURLs | Invalid value: []string{\"/metrics\"}: rules cannot apply to both",
                "clusterroles | /aggregationRule | {} | aggregationRule.clusterRoleSelectors | Required value: at least one",
                "clusterroles | /aggregationRule/clusterRoleSelectors/0 | {matchLabels: {a: '*'}} | aggregationRule.clusterRoleSelectors[0].matchLabels | Invalid value: \"*\"",
                "rolebindings | /roleRef/apiGroup | v1 | roleRef.apiGroup | Unsupported value: \"v1\": supported values: \"rbac.authorization.k8s.io\"",
                "rolebindings | /roleRef/kind | Group | roleRef.kind | Unsupported value: \"Group\": supported values: \"Role\", \"ClusterRole\"",
                "clusterrolebindings | /roleRef/kind | Role | roleRef.kind | Unsupported value: \"Role\": supported values: \"ClusterRole\"",
                "rolebindings | /roleRef/name | a/b | roleRef.name | Invalid value: \"a/b\": may not contain '/'",
                "rolebindings | /roleRef/name | - | roleRef.name | Required value",
                "rolebindings | /subjects/0/kind | Robot | subjects[0].kind | Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"",
                "rolebindings | /subjects/0/apiGroup | x | subjects[0].apiGroup | Unsupported value: \"x\"",
                "rolebindings | /subjects/0/name | '' | subjects[0].name | Invalid value: \"\": user name cannot be empty",
                "rolebindings | /subjects/1/apiGroup | x | subjects[1].apiGroup | Unsupported value: \"x\"",
                "rolebindings | /subjects/1/name | A_B | subjects[1].name | Invalid value: \"A_B\": a lowercase RFC 1123",
                "clusterrolebindings | /subjects/1/namespace | - | subjects[1].namespace | Required value",
            })
    void mistakesAreNamed(String kind, String pointer, String value, String field, String message) {
        KindRows.expect(
                KindRows.problems(kind + GROUP, KindRows.changed(kind + GROUP, pointer, value)), field, message);
    }

    @Test
    void aBindingStaysWithItsRole() {
        KindRows.expect(
                KindRows.changeProblems("rolebindings" + GROUP, "/roleRef/name", "admin"),
                "roleRef",
                "Invalid value: rbac.RoleRef{APIGroup:\"rbac.authorization.k8s.io\", Kind:\"Role\", Name:\"admin\"}: cannot change roleRef");
        assertThat(KindRows.changeProblems("rolebindings" + GROUP, "/subjects", "[]"))
                .isEmpty();
    }

    @Test
    void subjectsGetTheGroupOfTheirKind() {
        JsonNode binding = KindRows.created("clusterrolebindings" + GROUP);
        assertThat(binding.at("/roleRef/apiGroup").asText()).isEqualTo("rbac.authorization.k8s.io");
        assertThat(binding.at("/subjects/1").has("apiGroup")).isFalse();
        assertThat(KindRows.created("rolebindings" + GROUP)
                        .at("/subjects/0/apiGroup")
                        .asText())
                .isEqualTo("rbac.authorization.k8s.io");
    }

    @Test
    void tablesShowWhoMayDoWhat() {
        assertThat(KindRows.cells("rolebindings" + GROUP, KindRows.created("rolebindings" + GROUP)))
                .containsExactly("Role/reader:pods", "<unknown>", "jane", "", "shop/robot");
    }

    @Test
    void namesMayBeAnySegmentOfAPath() {
        assertThat(NameRule.PATH_SEGMENT.problems("system:controller:x")).isEmpty();
        for (String name : new String[] {".", "..", "a/b", "a%b"}) {
            assertThat(NameRule.PATH_SEGMENT.problems(name)).as(name).hasSize(1);
        }
    }
}
