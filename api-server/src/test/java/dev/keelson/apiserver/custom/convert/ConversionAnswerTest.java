package dev.keelson.apiserver.custom.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusReason;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionAnswerTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String WORKING =
            "{apiVersion: apiextensions.k8s.io/v1, kind: ConversionReview, response: {uid: u,"
                    + " result: {status: Success}, convertedObjects: [{apiVersion: x.io/v2, kind: Door,"
                    + " metadata: {name: d, namespace: n, uid: i, labels: {a: b}}, spec: {port: 80}}]}}";

    private static List<ObjectNode> read(String answer) throws IOException {
        ObjectNode sent = tree("{apiVersion: x.io/v1, kind: Door,"
                + " metadata: {name: d, namespace: n, uid: i, generation: 3, annotations: {gone: soon}}}");
        return new ConversionAnswer("apiextensions.k8s.io/v1", "u", List.of(sent), "x.io/v2").read(tree(answer));
    }

    private static ObjectNode tree(String yaml) throws IOException {
        return (ObjectNode) YAML.readTree(yaml);
    }

    @Test
    void ofMetadataOnlyLabelsAndAnnotationsAreTaken() throws IOException {
        assertThat(read(WORKING.replace("labels:", "generation: 9, labels:")))
                .containsExactly(tree("{apiVersion: x.io/v2, kind: Door, metadata: {name: d, namespace: n, uid: i,"
                        + " generation: 3, labels: {a: b}}, spec: {port: 80}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "k8s.io/v1 | k8s.io/v1beta1 | failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1beta1, Kind=ConversionReview",
                "response: | answer: | failed: no response provided",
                "uid: u | uid: w | failed: expected response.uid=\"u\", got \"w\"",
                "status: Success | status: Odd | failed: response.result.status was 'Odd', not 'Success'",
                "status: Success | message: no port | failed: no port",
                "convertedObjects: | objects: | returned 0 objects, expected 1",
                "x.io/v2 | x.io/v3 | returned invalid object at index 0: invalid groupVersion (expected x.io/v2, received x.io/v3)",
                "kind: Door | kind: Gate | returned invalid object at index 0: invalid kind (expected Door, received Gate)",
                "name: d | name: e | returned invalid object: must have the same name: d != e",
                "namespace: n | namespace: m | returned invalid object: must have the same namespace: n != m",
                "uid: i | uid: j | returned invalid object: must have the same UID: i != j",
                "{a: b} | {a: 1} | returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object",
                "{a: b} | [a] | returned invalid metadata: invalid metadata.labels of type []interface {} in converted object",
                "{a: b} | {a: _} | returned invalid metadata: metadata.labels: Invalid value: \"_\": a valid label must be",
                "labels: {a: b} | annotations: {a/b/c: d} | returned invalid metadata: metadata.annotation: Invalid value: \"a/b/c\":"
            })
    void everythingElseIsRefusedInKubernetesWords(String right, String wrong, String words) {
        assertThat(WORKING).contains(right);
        assertThatThrownBy(() -> read(WORKING.replace(right, wrong)))
                .isInstanceOfSatisfying(ApiFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(StatusReason.UNKNOWN))
                .hasMessageStartingWith("conversion webhook for x.io/v1, Kind=Door " + words);
    }

    @Test
    void ofSeveralObjectsTheWrongOneIsNamed() throws IOException {
        ObjectNode door = tree("{apiVersion: x.io/v1, kind: Door, metadata: {name: d}}");
        ConversionAnswer answer =
                new ConversionAnswer("apiextensions.k8s.io/v1", "u", List.of(door, door.deepCopy()), "x.io/v2");
        ObjectNode review = tree("{apiVersion: apiextensions.k8s.io/v1, kind: ConversionReview, response: {uid: u,"
                + " result: {status: Success}, convertedObjects: ["
                + "{apiVersion: x.io/v2, kind: Door, metadata: {name: d}},"
                + "{apiVersion: x.io/v2, kind: Door, metadata: {name: e}}]}}");
        assertThatThrownBy(() -> answer.read(review))
                .hasMessage("conversion webhook for x.io/v1, Kind=Door returned invalid converted object at index 1:"
                        + " must have the same name: d != e");
    }

    @Test
    void anAnswerOfTheOlderVersionNeedNotRepeatWhatItAnswers() throws IOException {
        ObjectNode door = tree("{apiVersion: x.io/v1, kind: Door, metadata: {name: d}}");
        ObjectNode review = tree("{response: {result: {status: Success}, convertedObjects: ["
                + "{apiVersion: x.io/v2, kind: Door, metadata: {name: d}}]}}");
        assertThat(new ConversionAnswer("apiextensions.k8s.io/v1beta1", "u", List.of(door), "x.io/v2").read(review))
                .hasSize(1);
    }
}
