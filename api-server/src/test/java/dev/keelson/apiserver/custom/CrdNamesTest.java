package dev.keelson.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the naming, establishing and approving controllers of Kubernetes 1.32 write. */
class CrdNamesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
    private static final String WANTED =
            "{plural: cats, singular: cat, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                    | {}                                     | {plural: cats, singular: cat, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]} | True NoConflicts no conflicts found
            {plural: dogs, kind: Dog}             | {}                                     | {plural: cats, singular: cat, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]} | True NoConflicts no conflicts found
            {shortNames: [cats]}                  | {}                                     | {singular: cat, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]} | False PluralConflict "cats" is already in use
            {plural: cat}                         | {}                                     | {plural: cats, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]} | False SingularConflict "cat" is already in use
            {singular: ca}                        | {}                                     | {plural: cats, singular: cat, kind: Cat, listKind: CatList, categories: [all]} | False ShortNamesConflict "ca" is already in use
            {shortNames: [c, ca]}                 | {shortNames: [ct]}                     | {plural: cats, singular: cat, kind: Cat, listKind: CatList, shortNames: [ct], categories: [all]} | False ShortNamesConflict ["c" is already in use, "ca" is already in use]
            {shortNames: [c]}                     | {shortNames: [c]}                      | {plural: cats, singular: cat, kind: Cat, listKind: CatList, shortNames: [c, ca], categories: [all]} | True NoConflicts no conflicts found
            {kind: Cat, singular: cat}            | {}                                     | {plural: cats, listKind: CatList, shortNames: [c, ca], categories: [all]} | False KindConflict "Cat" is already in use
            {kind: CatList}                       | {listKind: Cats}                       | {plural: cats, singular: cat, kind: Cat, listKind: Cats, shortNames: [c, ca], categories: [all]} | False ListKindConflict "CatList" is already in use
            {}                                    | {singular: ca}                         | {plural: cats, singular: cat, kind: Cat, listKind: CatList, categories: [all]} | False ShortNamesConflict "ca" is already in use
            """)
    void namesOfOthersAreNotTaken(String other, String before, String accepted, String condition) {
        ObjectNode crd = definition(before);
        ObjectNode status = CrdNames.plan(crd, CrdNames.taken(List.of(crd, definition(other))), NOW);
        assertThat(status.path("acceptedNames")).isEqualTo(yaml(accepted));
        assertThat(condition(status, "NamesAccepted")).isEqualTo(condition);
        assertThat(condition(status, "Established"))
                .isEqualTo(
                        condition.startsWith("True")
                                ? "True InitialNamesAccepted the initial names have been accepted"
                                : "False NotAccepted not all names are accepted");
    }

    @Test
    void whatIsEstablishedStaysSo() {
        ObjectNode crd = definition(WANTED);
        crd.set("status", CrdNames.plan(crd, CrdNames.taken(List.of(crd)), NOW));
        ObjectNode renamed = crd.deepCopy();
        ((ObjectNode) renamed.at("/spec/names")).put("singular", "tiger");
        ObjectNode status = CrdNames.plan(
                renamed, CrdNames.taken(List.of(renamed, definition("{plural: tiger}"))), NOW.plusSeconds(5));
        assertThat(status.at("/acceptedNames/singular").asText()).isEqualTo("cat");
        assertThat(condition(status, "NamesAccepted")).isEqualTo("False SingularConflict \"tiger\" is already in use");
        assertThat(condition(status, "Established"))
                .isEqualTo("True InitialNamesAccepted the initial names have been accepted");
        assertThat(status.path("conditions").findValuesAsText("lastTransitionTime"))
                .containsExactly("2024-05-06T07:08:14Z", "2024-05-06T07:08:09Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            example.com          |                         |
            example.k8s.io       | https://github.com/x/1  | True ApprovedAnnotation approved in https://github.com/x/1
            x-k8s.io             |                         |
            apps.kubernetes.io   | unapproved, a trial     | False UnapprovedAnnotation not approved: "unapproved, a trial"
            k8s.io               |                         | False MissingAnnotation protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111
            k8s.io               | surely                  | False InvalidAnnotation protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111
            """)
    void groupsOfTheCommunitySayWhoApproved(String group, String annotation, String condition) {
        ObjectNode crd = definition("{}");
        ((ObjectNode) crd.path("spec")).put("group", group);
        if (annotation != null) {
            crd.withObject("/metadata/annotations").put("api-approved.kubernetes.io", annotation);
        }
        ObjectNode status = CrdNames.plan(crd, CrdNames.taken(List.of()), NOW);
        assertThat(condition(status, "KubernetesAPIApprovalPolicyConformant"))
                .isEqualTo(condition == null ? "" : condition);
    }

    private static String condition(JsonNode status, String type) {
        return status.path("conditions")
                .valueStream()
                .filter(one -> one.path("type").asText().equals(type))
                .map(one -> String.join(
                        " ",
                        one.path("status").asText(),
                        one.path("reason").asText(),
                        one.path("message").asText()))
                .collect(Collectors.joining());
    }

    private static ObjectNode definition(String accepted) {
        return (ObjectNode) yaml(
                "{spec: {group: g.example.com, names: " + WANTED + "}, status: {acceptedNames: " + accepted + "}}");
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
