package dev.keelson.apiserver.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.patch.JsonPatch;
import dev.keelson.apiserver.patch.MergePatch;
import dev.keelson.apiserver.patch.PatchException;
import dev.keelson.apiserver.patch.StrategicMergePatch;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.selector.FieldSelector;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectableFields;
import dev.keelson.apiserver.selector.SelectorException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come, they are read or refused in words; nothing else is thrown, which would be a 500. */
class DecoderFuzzTest {
    private static final int ROUNDS = 600;
    private static final Schemas SCHEMAS = new Schemas();
    private static final String JSON = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b","n":null}},
             "spec":{"containers":[{"name":"c","image":"i\\u00e9","ports":[{"containerPort":80}]}],"x":1.5e3,"y":[true,-0]}}""";
    private static final String YAML = """
            apiVersion: v1
            kind: Pod
            metadata: &m {name: p, labels: {a: 'b', "n": ~}}
            spec:
              copy: *m
              containers:
              - name: c
                args: [yes, 0x1F, 1_000, .inf, 2026-01-01]
                text: |
                  some
                  text
            """;
    /** {@code k8s\0}, then a Unknown with an apiVersion v1, kind ConfigMap and a name. */
    private static final byte[] PROTOBUF =
            HexFormat.of().parseHex("6b3873000a0f0a0276311209436f6e6669674d6170120512030a0163");

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void brokenBodiesAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        BodyDecoder decoder = new BodyDecoder();
        for (int round = 0; round < ROUNDS; round++) {
            tried(seed, decoder, broken(JSON.getBytes(StandardCharsets.UTF_8), random), "application/json");
            tried(seed, decoder, broken(YAML.getBytes(StandardCharsets.UTF_8), random), "application/yaml");
            tried(seed, decoder, broken(PROTOBUF, random), "application/vnd.kubernetes.protobuf");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void brokenSelectorsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        List<String> good = List.of(
                "a=b,c!=d,e in (f,g),h notin (i),!j,k",
                "x.y/z==1,n>5",
                "metadata.name=p,status.phase!=Running",
                "a=b\\,c\\=d");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] start = good.get(random.nextInt(good.size())).getBytes(StandardCharsets.UTF_8);
            String text = new String(broken(start, random), StandardCharsets.UTF_8);
            only(SelectorException.class, seed, text, () -> LabelSelector.parse(text));
            only(SelectorException.class, seed, text, () -> FieldSelector.parse(
                            text, SelectableFields.of(Set.of("status.phase")))
                    .matches(object()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void anyTreeIsAPatchOrRefused(long seed) {
        Random random = new Random(seed);
        StrategicMergePatch strategic = new StrategicMergePatch(SCHEMAS);
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode patch = tree(random, 4);
            only(PatchException.class, seed, patch, () -> JsonPatch.apply(object(), operations(random)));
            only(PatchException.class, seed, patch, () -> JsonPatch.apply(object(), patch));
            only(PatchException.class, seed, patch, () -> MergePatch.apply(object(), patch));
            only(PatchException.class, seed, patch, () -> strategic.apply(object(), patch));
        }
    }

    private static void tried(long seed, BodyDecoder decoder, byte[] body, String type) {
        only(BodyException.class, seed, HexFormat.of().formatHex(body), () -> decoder.decode(body, type)
                .object());
    }

    private static void only(Class<? extends Exception> refusal, long seed, Object input, Runnable work) {
        try {
            work.run();
        } catch (Exception | StackOverflowError e) {
            assertThat(e).as("seed %d: %s", seed, input).isInstanceOf(refusal);
            assertThat(e.getMessage()).as("seed %d: %s", seed, input).isNotBlank();
        }
    }

    private static byte[] broken(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = bytes[random.nextInt(bytes.length)];
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 8);
                    System.arraycopy(bytes, at, longer, at + 8, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    private static ObjectNode object() {
        ObjectNode pod =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "p").putObject("labels").put("a", "b");
        ObjectNode spec = pod.putObject("spec");
        spec.putArray("containers").addObject().put("name", "c").put("image", "i");
        spec.putArray("tolerations").addObject().put("key", "k");
        return pod;
    }

    private static JsonNode operations(Random random) {
        var patch = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(4); i >= 0; i--) {
            ObjectNode operation = patch.addObject();
            operation.put("op", pick(random, "add", "remove", "replace", "move", "copy", "test", "else"));
            operation.put("path", pointer(random));
            operation.put("from", pointer(random));
            operation.set("value", tree(random, 2));
        }
        return patch;
    }

    private static String pointer(Random random) {
        return pick(
                random,
                "",
                "/",
                "/spec",
                "/spec/containers",
                "/spec/containers/0",
                "/spec/containers/-",
                "/spec/containers/99999999999",
                "/spec/containers/0/name",
                "/metadata/labels/a~1b",
                "no",
                "/~2");
    }

    private static JsonNode tree(Random random, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        int choice = random.nextInt(depth == 0 ? 4 : 7);
        switch (choice) {
            case 0 -> {
                return json.nullNode();
            }
            case 1 -> {
                return json.textNode(pick(random, "p", "c", "", "replace", "delete", "merge"));
            }
            case 2 -> {
                return json.numberNode(random.nextInt(100));
            }
            case 3 -> {
                return json.booleanNode(random.nextBoolean());
            }
            case 4 -> {
                var list = json.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(tree(random, depth - 1));
                }
                return list;
            }
            default -> {
                ObjectNode object = json.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    String field = pick(
                            random,
                            "metadata",
                            "spec",
                            "containers",
                            "name",
                            "labels",
                            "$patch",
                            "$retainKeys",
                            "$setElementOrder/containers",
                            "$deleteFromPrimitiveList/args",
                            "tolerations",
                            "x");
                    object.set(field, tree(random, depth - 1));
                }
                return object;
            }
        }
    }

    private static String pick(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
