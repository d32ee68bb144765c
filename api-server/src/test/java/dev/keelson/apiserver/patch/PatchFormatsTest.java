package dev.keelson.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.schema.Schemas;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchFormatsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private final StrategicMergePatch strategic = new StrategicMergePatch(new Schemas());

    private static JsonNode tree(String yaml) throws IOException {
        return YAML.readTree(yaml);
    }

    private static ObjectNode object(String yaml) throws IOException {
        return (ObjectNode) tree(yaml);
    }

    /** The examples of RFC 7386, appendix A, that have objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: b} | {a: c} | {a: c}",
                "{a: b} | {b: c} | {a: b, b: c}",
                "{a: b} | {a: null} | {}",
                "{a: b, b: c} | {a: null} | {b: c}",
                "{a: [b]} | {a: c} | {a: c}",
                "{a: c} | {a: [b]} | {a: [b]}",
                "{a: {b: c}} | {a: {b: d, c: null}} | {a: {b: d}}",
                "{a: [{b: c}]} | {a: [1]} | {a: [1]}",
                "{e: null} | {a: 1} | {e: null, a: 1}",
                "{} | {a: {bb: {ccc: null}}} | {a: {bb: {}}}"
            })
    void mergePatches(String target, String patch, String result) throws IOException {
        assertThat(MergePatch.apply(object(target), tree(patch))).isEqualTo(tree(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1} | [{op: add, path: /b, value: 2}] | {a: 1, b: 2}",
                "{a: [1, 3]} | [{op: add, path: /a/1, value: 2}] | {a: [1, 2, 3]}",
                "{a: [1]} | [{op: add, path: /a/-, value: 2}] | {a: [1, 2]}",
                "{a: 1, b: 2} | [{op: remove, path: /a}] | {b: 2}",
                "{a: {x: 1}} | [{op: move, from: /a/x, path: /y}] | {a: {}, y: 1}",
                "{a: {x: 1}} | [{op: copy, from: /a, path: /b}] | {a: {x: 1}, b: {x: 1}}",
                "{'a/b': {'m~n': 1}} | [{op: replace, path: /a~1b/m~0n, value: 2}] | {'a/b': {'m~n': 2}}",
                "{a: 1} | [{op: test, path: /a, value: 1.0}, {op: replace, path: /a, value: 5}] | {a: 5}",
                "{a: 1} | [{op: replace, path: '', value: {b: 1}}] | {b: 1}"
            })
    void jsonPatches(String target, String patch, String result) throws IOException {
        assertThat(JsonPatch.apply(object(target), tree(patch))).isEqualTo(tree(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1} | MALFORMED",
                "[{op: fly, path: /a}] | UNPROCESSABLE",
                "[{op: add, value: 1}] | UNPROCESSABLE",
                "[{op: add, path: /a}] | UNPROCESSABLE",
                "[{op: add, path: a, value: 1}] | MALFORMED",
                "[3] | MALFORMED",
                "[{op: remove, path: /nope}] | UNPROCESSABLE",
                "[{op: test, path: /a, value: 2}] | UNPROCESSABLE",
                "[{op: add, path: /l/7, value: 1}] | UNPROCESSABLE",
                "[{op: replace, path: /l/-, value: 1}] | UNPROCESSABLE",
                "[{op: remove, path: ''}] | UNPROCESSABLE",
                "[{op: replace, path: '', value: 3}] | UNPROCESSABLE",
                "[{op: move, from: /o, path: /o/x}] | UNPROCESSABLE",
                "[{op: add, path: /a/b, value: 1}] | UNPROCESSABLE",
                "[{op: add, path: /l/01, value: 1}] | UNPROCESSABLE"
            })
    void badJsonPatches(String patch, PatchException.Kind kind) throws IOException {
        ObjectNode target = object("{a: 1, l: [1], o: {}}");
        ObjectNode untouched = target.deepCopy();
        JsonNode operations = tree(patch);
        assertThatThrownBy(() -> JsonPatch.apply(target, operations))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(target).isEqualTo(untouched);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1} | object into Go value of type []handlers.jsonPatchOp",
                "[3] | number into Go value of type handlers.jsonPatchOp",
                "[true] | bool into Go value of type handlers.jsonPatchOp",
                "[{op: [], path: /a}] | array into Go struct field jsonPatchOp.op of type string",
                "[{op: remove, path: 1}] | number into Go struct field jsonPatchOp.path of type string"
            })
    void whatIsNoJsonPatchIsSaidInTheWordsOfGo(String patch, String words) throws IOException {
        ObjectNode target = object("{a: 1}");
        JsonNode operations = tree(patch);
        assertThatThrownBy(() -> JsonPatch.apply(target, operations))
                .hasMessage("error decoding patch: json: cannot unmarshal " + words);
    }

    @Test
    void copiesAreBounded() throws IOException {
        ObjectNode target = object("{a: [x]}");
        var operations = YAML.createArrayNode();
        for (int i = 0; i < 40; i++) {
            operations.addObject().put("op", "copy").put("from", "/a").put("path", "/a/-");
        }
        assertThatThrownBy(() -> JsonPatch.apply(target, operations))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.UNPROCESSABLE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // What kubectl set image sends.
                "{containers: [{name: a, image: x, env: [{name: E, value: '1'}]}, {name: b}]} | {$setElementOrder/containers: [{name: a}, {name: b}], containers: [{name: a, image: y}]} | {containers: [{name: a, image: y, env: [{name: E, value: '1'}]}, {name: b}]}",
                "{containers: [{name: a}, {name: b}]} | {containers: [{name: a, $patch: delete}]} | {containers: [{name: b}]}",
                "{containers: [{name: a}]} | {containers: [{name: c}, {$patch: replace}]} | {containers: [{name: c}]}",
                "{containers: [{name: a}, {name: b}]} | {$setElementOrder/containers: [{name: c}, {name: b}, {name: a}], containers: [{name: c}]} | {containers: [{name: c}, {name: b}, {name: a}]}",
                "{containers: [{name: a, ports: [{containerPort: 1}]}]} | {containers: [{name: a, ports: [{containerPort: 2}]}]} | {containers: [{name: a, ports: [{containerPort: 1}, {containerPort: 2}]}]}",
                "{tolerations: [{key: a}]} | {tolerations: [{key: b}]} | {tolerations: [{key: b}]}",
                "{nodeSelector: {a: b, c: d}} | {nodeSelector: {a: null, e: f}} | {nodeSelector: {c: d, e: f}}",
                "{nodeSelector: {a: b}} | {nodeSelector: {$patch: replace, x: y}} | {nodeSelector: {x: y}}",
                "{volumes: [{name: v, emptyDir: {}}]} | {volumes: [{name: v, $retainKeys: [name, configMap], configMap: {name: c}}]} | {volumes: [{name: v, configMap: {name: c}}]}",
                "{imagePullSecrets: [{name: a}]} | {imagePullSecrets: null} | {}",
                "{} | {containers: [{name: a, image: null, env: [{name: x, $patch: delete}]}]} | {containers: [{name: a}]}"
            })
    void strategicPatchesOfPodSpecs(String before, String patch, String after) throws IOException {
        ObjectNode pod = object("{apiVersion: v1, kind: Pod, spec: " + before + "}");
        ObjectNode result = strategic.apply(pod, tree("{spec: " + patch + "}"));
        assertThat(result.path("spec")).isEqualTo(tree(after));
    }

    @Test
    void primitiveListsMerge() throws IOException {
        ObjectNode map = object("{apiVersion: v1, kind: ConfigMap, metadata: {finalizers: [a, b, c]}}");
        assertThat(strategic
                        .apply(map, tree("{metadata: {finalizers: [d, a]}}"))
                        .at("/metadata/finalizers"))
                .isEqualTo(tree("[a, b, c, d]"));
        assertThat(strategic
                        .apply(map, tree("{metadata: {$deleteFromPrimitiveList/finalizers: [b]}}"))
                        .at("/metadata/finalizers"))
                .isEqualTo(tree("[a, c]"));
        assertThat(strategic
                        .apply(map, tree("{metadata: {$setElementOrder/finalizers: [c, a], finalizers: [c]}}"))
                        .at("/metadata/finalizers"))
                .isEqualTo(tree("[b, c, a]"));
    }

    @Test
    void aRolloutStrategyRetainsOnlyItsKeys() throws IOException {
        ObjectNode deployment = object(
                "{apiVersion: apps/v1, kind: Deployment, spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}");
        assertThat(strategic
                        .apply(deployment, tree("{spec: {strategy: {$retainKeys: [type], type: Recreate}}}"))
                        .at("/spec/strategy"))
                .isEqualTo(tree("{type: Recreate}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{spec: {containers: [{image: x}]}} | merge key",
                "{spec: {$patch: explode}} | unknown patch directive",
                "{spec: {containers: [3]}} | not an object",
                "[] | must be a JSON object",
                "{spec: {$retainKeys: x}} | $retainKeys"
            })
    void badStrategicPatches(String patch, String words) throws IOException {
        ObjectNode pod = object("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}");
        JsonNode tree = tree(patch);
        assertThatThrownBy(() -> strategic.apply(pod, tree))
                .isInstanceOf(PatchException.class)
                .hasMessageContaining(words);
    }

    @Test
    void kindsWithoutATypeTakeNoStrategicPatch() throws IOException {
        ObjectNode custom = object("{apiVersion: example.com/v1, kind: Foo}");
        assertThatThrownBy(() -> strategic.apply(custom, object("{}")))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        e -> assertThat(e.kind().httpStatus()).isEqualTo(415));
    }
}
