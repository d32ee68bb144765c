package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.patch.FieldOwner;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.patch.MergePatch;
import dev.keelson.apiserver.patch.PatchException;
import dev.keelson.apiserver.patch.ServerSideApply;
import dev.keelson.apiserver.patch.StrategicMergePatch;
import dev.keelson.apiserver.schema.Schemas;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is broken in an object, the rules answer with findings and never with a failure of their own. */
class MutationFuzzTest {
    private static final int ROUNDS = 3000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Schemas SCHEMAS = new Schemas();
    private final ServerSideApply apply = new ServerSideApply(SCHEMAS);
    private final StrategicMergePatch strategic = new StrategicMergePatch(SCHEMAS);
    private final ManagedFields managed = new ManagedFields(SCHEMAS);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void brokenObjectsNeverBreakTheRules(long seed) {
        Random random = new Random(seed);
        Map<String, ObjectNode> valid = KindRows.validObjects();
        List<String> plurals = valid.keySet().stream().sorted().toList();
        for (int round = 0; round < ROUNDS; round++) {
            String plural = plurals.get(random.nextInt(plurals.size()));
            ObjectNode original = valid.get(plural);
            ObjectNode broken = original.deepCopy();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutate(broken, random);
            }
            assertThatCode(() -> judge(plural, original, broken))
                    .as("seed %d: %s", seed, broken)
                    .doesNotThrowAnyException();
        }
    }

    private void judge(String plural, ObjectNode original, ObjectNode broken) {
        ResourceDefinition kind = KindRows.kind(plural);
        SCHEMAS.check(broken);
        ObjectNode pruned = broken.deepCopy();
        SCHEMAS.prune(pruned);
        for (ObjectNode object : List.of(broken.deepCopy(), pruned)) {
            kind.strategy().applyDefaults(object);
            kind.strategy().prepareForUpdate(object, original);
            kind.strategy().validate(object).forEach(FieldError::message);
            kind.strategy().validateUpdate(object, original).forEach(FieldError::message);
            kind.strategy().validateUpdate(original, object);
            kind.columns().forEach(column -> column.cell().apply(object, NOW));
            kind.strategy().prepareForCreate(object);
        }
        declared(() -> strategic.apply(original, broken));
        declared(() -> strategic.apply(broken, original));
        declared(() -> MergePatch.apply(original, broken));
        declared(() -> apply.apply(original, broken, FieldOwner.of("m"), false, NOW));
        declared(() -> apply.apply(broken, original, FieldOwner.of("m"), true, NOW));
        managed.track(original, broken.deepCopy(), FieldOwner.of("m"), NOW);
        managed.track(broken, original.deepCopy(), FieldOwner.of("m"), NOW);
    }

    private static void declared(Runnable patch) {
        try {
            patch.run();
        } catch (PatchException expected) {
            // The one way in which a patch may fail.
        }
    }

    private static void mutate(ObjectNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode target = containers.get(random.nextInt(containers.size()));
        JsonNode value = value(random);
        switch (target) {
            case ObjectNode object -> {
                List<String> names =
                        object.properties().stream().map(Map.Entry::getKey).toList();
                String name =
                        names.isEmpty() || random.nextInt(8) == 0 ? "odd" : names.get(random.nextInt(names.size()));
                if (random.nextInt(4) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, value);
                }
            }
            case ArrayNode array -> {
                if (array.isEmpty() || random.nextInt(3) == 0) {
                    array.add(value);
                } else if (random.nextBoolean()) {
                    array.set(random.nextInt(array.size()), value);
                } else {
                    array.add(array.get(random.nextInt(array.size())).deepCopy());
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private static JsonNode value(Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(14)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.textNode("");
            case 2 -> nodes.textNode("x".repeat(random.nextInt(400)));
            case 3 -> nodes.numberNode(random.nextInt());
            case 4 -> nodes.numberNode(new BigDecimal("1e300"));
            case 5 -> nodes.numberNode(new java.math.BigInteger("99999999999999999999999"));
            case 6 -> nodes.booleanNode(random.nextBoolean());
            case 7 -> nodes.objectNode();
            case 8 -> nodes.arrayNode();
            case 9 -> nodes.arrayNode().add(1).addNull().add("x");
            case 10 -> nodes.objectNode().put("name", "x").put("$patch", "delete");
            case 11 -> nodes.textNode("../ /..\u2028");
            case 12 -> nodes.objectNode().putNull("a");
            default -> nodes.numberNode(-1.5);
        };
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
