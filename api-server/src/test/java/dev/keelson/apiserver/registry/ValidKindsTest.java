package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.Schemas;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the valid object of every kind. */
class ValidKindsTest {
    private static final Schemas SCHEMAS = new Schemas();

    static Set<String> kinds() {
        return KindRows.validObjects().keySet();
    }

    @Test
    void everyKindHasAValidObject() {
        assertThat(kinds())
                .containsExactlyInAnyOrderElementsOf(BuiltinKinds.list().stream()
                        // Definitions of custom resources have tests of their own.
                        .filter(kind -> !kind.group().equals("apiextensions.k8s.io"))
                        .map(KindRows::nameOf)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void validObjectsAreValid(String kind) {
        ObjectNode object = KindRows.valid(kind);
        assertThat(SCHEMAS.check(object).unknownFields()).isEmpty();
        assertThat(SCHEMAS.check(object).typeErrors()).isEmpty();
        assertThat(KindRows.problems(kind, object)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void defaultsAreStableAndAnUnchangedUpdateIsAccepted(String kind) {
        ResourceStrategy strategy = KindRows.kind(kind).strategy();
        ObjectNode once = KindRows.created(kind);
        ObjectNode twice = once.deepCopy();
        strategy.applyDefaults(twice);
        assertThat(twice).isEqualTo(once);
        strategy.prepareForUpdate(twice, once);
        assertThat(twice).isEqualTo(once);
        assertThat(strategy.validateUpdate(twice, once)).isEmpty();
        assertThat(SCHEMAS.check(once).unknownFields()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindHasTypesForItsObjectsAndLists(String name) {
        ResourceDefinition kind = KindRows.kind(name);
        assertThat(kind.singular()).isEqualTo(kind.kind().toLowerCase(Locale.ROOT));
        assertThat(SCHEMAS.find(kind.apiVersion(), kind.kind())).isPresent();
        assertThat(SCHEMAS.find(kind.apiVersion(), kind.kind() + "List")).isPresent();
    }
}
