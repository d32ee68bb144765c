package dev.keelson.apiserver.auth.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.apiserver.registry.FieldError;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessReviewRulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "self | {spec: {resourceAttributes: {verb: get}}} | ",
                "self | {spec: {}} | spec.resourceAttributes: exactly one of nonResourceAttributes or resourceAttributes must be specified",
                "self | {spec: {resourceAttributes: {}, nonResourceAttributes: {}}} | spec.nonResourceAttributes: cannot be specified in combination with resourceAttributes",
                "self | {metadata: {name: x}, spec: {resourceAttributes: {}}} | metadata: must be empty",
                "other | {spec: {groups: [g], nonResourceAttributes: {path: /}}} | ",
                "other | {metadata: {name: x}, spec: {nonResourceAttributes: {path: /}}} | spec.user: at least one of user or group must be specified; metadata: must be empty",
                "here | {metadata: {namespace: n}, spec: {user: u, resourceAttributes: {namespace: n}}} | ",
                "here | {metadata: {namespace: n}, spec: {user: u, resourceAttributes: {namespace: m}}} | spec.resourceAttributes.namespace: must match metadata.namespace, which is n",
                "here | {metadata: {namespace: n, name: x}, spec: {user: u, nonResourceAttributes: {path: /}}} | metadata: must be empty except for namespace; spec.nonResourceAttributes: disallowed on this kind of request"
            })
    void questionsThatMakeNoSenseAreRefused(String kind, String review, String problems)
            throws JsonProcessingException {
        Function<ObjectNode, List<FieldError>> rules =
                switch (kind) {
                    case "self" -> AccessReviewRules::ofSelf;
                    case "other" -> AccessReviewRules::ofOther;
                    default -> AccessReviewRules::ofOtherHere;
                };

        List<String> found = rules.apply((ObjectNode) YAML.readTree(review)).stream()
                .map(error -> error.field() + ": " + error.detail())
                .toList();

        assertThat(String.join("; ", found)).isEqualTo(problems == null ? "" : problems);
    }
}
