package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.Schemas;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the valid object of every kind. */
class ValidKindsTest {
    private static final Schemas SCHEMAS = new Schemas();

    static Set<String> kinds() {
        return KindRows.validObjects().keySet();
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

    static Stream<ResourceDefinition> definitions() {
        return BuiltinKinds.list().stream();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void selectableFieldsAndCellsExistForEveryKind(ResourceDefinition kind) {
        assertThat(kind.singular()).isEqualTo(kind.kind().toLowerCase(java.util.Locale.ROOT));
        assertThat(SCHEMAS.find(kind.apiVersion(), kind.kind())).isPresent();
        assertThat(SCHEMAS.find(kind.apiVersion(), kind.kind() + "List")).isPresent();
    }
}
