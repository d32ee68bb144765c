package dev.keelson.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every apply: on pods with labels and containers by name. */
class ApplyLawsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Schemas SCHEMAS = new Schemas();
    private final ServerSideApply apply = new ServerSideApply(SCHEMAS);
    private final StrategicMergePatch strategic = new StrategicMergePatch(SCHEMAS);

    /** Labels and images by container name. */
    record Intent(Map<String, String> labels, Map<String, String> containers) {

        ObjectNode pod() {
            ObjectNode pod = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Pod");
            ObjectNode metadata = pod.putObject("metadata").put("name", "p");
            if (!labels.isEmpty()) {
                labels.forEach(metadata.putObject("labels")::put);
            }
            if (!containers.isEmpty()) {
                var list = pod.putObject("spec").putArray("containers");
                containers.forEach(
                        (name, image) -> list.addObject().put("name", name).put("image", image));
            }
            return pod;
        }
    }

    @Provide
    Arbitrary<Intent> first() {
        return intents("a", "b", "c");
    }

    @Provide
    Arbitrary<Intent> second() {
        return intents("x", "y", "z");
    }

    private static Arbitrary<Intent> intents(String... names) {
        Arbitrary<Map<String, String>> maps = Arbitraries.maps(Arbitraries.of(names), Arbitraries.of("1", "2", "3"))
                .ofMaxSize(3);
        return Combinators.combine(maps, maps).as(Intent::new);
    }

    private ObjectNode apply(ObjectNode live, Intent intent, String manager) {
        return apply.apply(live, intent.pod(), FieldOwner.of(manager), false, NOW);
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode content(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        ((ObjectNode) copy.get("metadata")).remove("managedFields");
        return copy;
    }

    @Property(tries = 200)
    void twiceIsOnce(@ForAll("first") Intent intent) {
        ObjectNode once = apply(nothing(), intent, "m");
        assertThat(apply(once, intent, "m")).isEqualTo(once);
    }

    @Property(tries = 200)
    void theLastApplyOfAManagerIsAllThatCounts(@ForAll("first") Intent before, @ForAll("first") Intent after) {
        ObjectNode live = apply(apply(nothing(), before, "m"), after, "m");
        ObjectNode direct = apply(nothing(), after, "m");
        assertThat(live.at("/metadata/labels").equals(direct.at("/metadata/labels")))
                .isTrue();
        assertThat(live.at("/spec/containers").equals(direct.at("/spec/containers")))
                .isTrue();
    }

    @Property(tries = 200)
    void managersOfDifferentFieldsDoNotMind(@ForAll("first") Intent one, @ForAll("second") Intent other) {
        ObjectNode ab = apply(apply(nothing(), one, "m"), other, "n");
        ObjectNode ba = apply(apply(nothing(), other, "n"), one, "m");
        assertThat(ab.at("/metadata/labels")).isEqualTo(ba.at("/metadata/labels"));
        assertThat(ab.at("/metadata/managedFields")).isEqualTo(ba.at("/metadata/managedFields"));
        assertThat(ab.at("/spec/containers").valueStream().toList())
                .containsExactlyInAnyOrderElementsOf(
                        ba.at("/spec/containers").valueStream().toList());
    }

    @Property(tries = 200)
    void leavingEverythingAwayLeavesWhatTheOtherApplied(@ForAll("first") Intent one, @ForAll("second") Intent other) {
        ObjectNode both = apply(apply(nothing(), other, "n"), one, "m");
        ObjectNode gone = apply(both, new Intent(Map.of(), Map.of()), "m");
        assertThat(content(gone)).isEqualTo(content(apply(nothing(), other, "n")));
    }

    @Property(tries = 200)
    void aStrategicPatchAppliedTwiceIsAppliedOnce(@ForAll("first") Intent before, @ForAll("first") Intent patch) {
        ObjectNode once = strategic.apply(before.pod(), patch.pod());
        assertThat(strategic.apply(once, patch.pod())).isEqualTo(once);
    }

    @Property(tries = 200)
    void aMergePatchAppliedTwiceIsAppliedOnce(@ForAll("first") Intent before, @ForAll("first") Intent patch) {
        ObjectNode once = MergePatch.apply(before.pod(), patch.pod());
        assertThat(MergePatch.apply(once, patch.pod())).isEqualTo(once);
    }
}
