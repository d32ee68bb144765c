package dev.keelson.apiserver.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.DeleteOptions.Propagation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeletionPlannerTest {
    private static final ResourceRegistry KINDS = new ResourceRegistry(BuiltinKinds.list());
    private static final ResourceDefinition PODS = KINDS.require("", "pods");
    private static final ResourceDefinition NAMESPACES = KINDS.require("", "namespaces");
    private static final ResourceDefinition CONFIG_MAPS = KINDS.require("", "configmaps");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void anObjectWithoutFinalizersGoesAtOnce() {
        assertThat(plan(CONFIG_MAPS, "{'metadata':{}}", DeleteOptions.NONE)).isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void whatGoesAtOnceGoesAsItWas() {
        String object = "{'metadata':{'name':'a','generation':3}}";
        assertThat(plan(CONFIG_MAPS, object, DeleteOptions.NONE)).isEqualTo(new Deletion.Remove(tree(object)));
        assertThat(plan(PODS, "{'metadata':{'name':'a'},'spec':{}}", DeleteOptions.NONE))
                .isInstanceOfSatisfying(Deletion.Remove.class, gone -> assertThat(Meta.deleting(gone.last()))
                        .isTrue());
    }

    @Test
    void finalizersHoldAnObject() {
        ObjectNode marked = marked(plan(CONFIG_MAPS, "{'metadata':{'finalizers':['a/b']}}", DeleteOptions.NONE));
        assertThat(Meta.deleting(marked)).isTrue();
        assertThat(Meta.deletionGrace(marked)).contains(0L);
    }

    @Test
    void aBoundPodGetsTheTimeItsSpecSays() {
        ObjectNode marked = marked(plan(
                PODS,
                "{'metadata':{},'spec':{'nodeName':'n1','terminationGracePeriodSeconds':12}}",
                DeleteOptions.NONE));
        assertThat(Meta.deletionGrace(marked)).contains(12L);
        assertThat(marked.at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-01-01T00:00:12Z");
    }

    @Test
    void anUnboundOrEndedPodHasNothingToStop() {
        assertThat(plan(PODS, "{'metadata':{},'spec':{}}", DeleteOptions.NONE)).isInstanceOf(Deletion.Remove.class);
        assertThat(plan(
                        PODS,
                        "{'metadata':{},'spec':{'nodeName':'n1'},'status':{'phase':'Succeeded'}}",
                        DeleteOptions.NONE))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void theKubeletRemovesAPodWithGraceZero() {
        String deleting = "{'metadata':{'deletionTimestamp':'2026-01-01T00:00:30Z','deletionGracePeriodSeconds':30},"
                + "'spec':{'nodeName':'n1'}}";
        assertThat(plan(PODS, deleting, DeleteOptions.NONE.withGraceSeconds(0))).isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void aRepeatedRequestOnlyShortens() {
        String deleting = "{'metadata':{'deletionTimestamp':'2026-01-01T00:00:30Z','deletionGracePeriodSeconds':30},"
                + "'spec':{'nodeName':'n1'}}";
        assertThat(plan(PODS, deleting, DeleteOptions.NONE)).isInstanceOf(Deletion.Pending.class);
        assertThat(plan(PODS, deleting, DeleteOptions.NONE.withGraceSeconds(60)))
                .isInstanceOf(Deletion.Pending.class);
        ObjectNode shorter = marked(plan(PODS, deleting, DeleteOptions.NONE.withGraceSeconds(5)));
        assertThat(shorter.at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-01-01T00:00:05Z");
    }

    @Test
    void aNegativeGraceIsOneSecond() {
        ObjectNode marked =
                marked(plan(PODS, "{'metadata':{},'spec':{'nodeName':'n1'}}", DeleteOptions.NONE.withGraceSeconds(-5)));
        assertThat(Meta.deletionGrace(marked)).contains(1L);
    }

    @Test
    void aGraceBeyondAllTimesEndsWithTheLastYearThatCanBeWritten() {
        ObjectNode marked = marked(plan(
                PODS,
                "{'metadata':{},'spec':{'nodeName':'n1','terminationGracePeriodSeconds':9223372036854775807}}",
                DeleteOptions.NONE));
        assertThat(marked.at("/metadata/deletionTimestamp").asText()).isEqualTo("9999-12-31T23:59:59Z");
        ObjectNode shorter = marked(plan(PODS, marked.toString(), DeleteOptions.NONE.withGraceSeconds(5)));
        assertThat(shorter.at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-01-01T00:00:05Z");
    }

    @Test
    void propagationBecomesAFinalizer() {
        ObjectNode foreground = marked(plan(CONFIG_MAPS, "{'metadata':{}}", with(Propagation.FOREGROUND)));
        assertThat(foreground.at("/metadata/finalizers/0").asText()).isEqualTo("foregroundDeletion");
        ObjectNode orphan = marked(
                plan(CONFIG_MAPS, "{'metadata':{'finalizers':['foregroundDeletion']}}", with(Propagation.ORPHAN)));
        assertThat(orphan.path("metadata").path("finalizers").toString()).isEqualTo("[\"orphan\"]");
        assertThat(plan(CONFIG_MAPS, "{'metadata':{'finalizers':['orphan']}}", with(Propagation.BACKGROUND)))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void aNamespaceStaysUntilItsContentIsGone() {
        String full = "{'metadata':{},'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}";
        assertThat(marked(plan(NAMESPACES, full, DeleteOptions.NONE))
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Terminating");
        assertThat(plan(NAMESPACES, "{'metadata':{},'spec':{}}", DeleteOptions.NONE))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void theObjectItselfIsNotTouched() {
        ObjectNode object = tree("{'metadata':{'finalizers':['a/b']}}");
        ObjectNode before = object.deepCopy();
        DeletionPlanner.plan(CONFIG_MAPS, object, with(Propagation.FOREGROUND), NOW);
        assertThat(object).isEqualTo(before);
    }

    private static Deletion plan(ResourceDefinition kind, String json, DeleteOptions options) {
        return DeletionPlanner.plan(kind, tree(json), options, NOW);
    }

    private static ObjectNode marked(Deletion deletion) {
        assertThat(deletion).isInstanceOf(Deletion.Mark.class);
        return ((Deletion.Mark) deletion).marked();
    }

    private static DeleteOptions with(Propagation propagation) {
        return new DeleteOptions(Optional.empty(), "", "", Optional.of(propagation), false);
    }

    private static ObjectNode tree(String json) {
        return Trees.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
