package dev.keelson.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** An update that leaves the owners as they are is recorded in a short way, which must say what the long one says. */
class OwnersLawsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Schemas SCHEMAS = new Schemas();
    private final ManagedFields managed = new ManagedFields(SCHEMAS);
    private final Shapes shapes = new Shapes(SCHEMAS);

    /** @param sends whether the client sends back the owners that it read */
    record Step(String manager, Map<String, String> labels, Map<String, String> containers, boolean sends) {

        ObjectNode pod(ObjectNode live) {
            ObjectNode pod = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Pod");
            ObjectNode metadata = pod.putObject("metadata").put("name", "p");
            labels.forEach(metadata.putObject("labels")::put);
            var list = pod.putObject("spec").putArray("containers");
            containers.forEach(
                    (name, image) -> list.addObject().put("name", name).put("image", image));
            if (sends && live.at("/metadata/managedFields").isArray()) {
                metadata.set("managedFields", live.at("/metadata/managedFields"));
            }
            return pod;
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Map<String, String>> values = Arbitraries.maps(Arbitraries.of("a", "b"), Arbitraries.of("1", "2"))
                .ofMaxSize(2);
        return Combinators.combine(Arbitraries.of("m", "n"), values, values, Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(8);
    }

    @Property(tries = 300)
    void theShortWaySaysWhatTheLongOneSays(@ForAll("steps") List<Step> steps) {
        ObjectNode live = JsonNodeFactory.instance.objectNode();
        Instant now = START;
        for (Step step : steps) {
            FieldOwner owner = FieldOwner.of(step.manager());
            ObjectNode updated = step.pod(live);
            ObjectNode expected = updated.deepCopy();
            managed.trackAnew(
                    live, expected, Difference.between(live, expected, new OwnedFields(shapes), shapes), owner, now);
            ObjectNode before = live.deepCopy();
            managed.track(live, updated, owner, now);
            assertThat(updated.toString()).isEqualTo(expected.toString());
            assertThat(live).isEqualTo(before);
            live = updated;
            now = now.plusSeconds(60);
        }
    }

    @Test
    void otherValuesOfOnesOwnFieldsTakeTheShortWay() {
        ObjectNode first = new Step("m", Map.of("a", "1"), Map.of("c", "1"), false).pod(nothing());
        managed.track(nothing(), first, FieldOwner.of("m"), START);
        ObjectNode second = new Step("m", Map.of("a", "2"), Map.of("c", "2"), false).pod(first);
        Difference difference = Difference.between(first, second, new OwnedFields(shapes), shapes);
        assertThat(SameOwners.of(first, second)
                        .flatMap(same -> same.after(difference, FieldOwner.of("m"), "v1", "later")))
                .hasValueSatisfying(entries ->
                        assertThat(entries.get(0).path("time").asText()).isEqualTo("later"));
        assertThat(SameOwners.of(first, second)
                        .flatMap(same -> same.after(difference, FieldOwner.of("n"), "v1", "later")))
                .isEmpty();
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }
}
