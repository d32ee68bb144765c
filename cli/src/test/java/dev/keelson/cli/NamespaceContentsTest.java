package dev.keelson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.crds.model.ResourceType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that can be in a namespace outlives it: what is left would be found again by who makes one of that name. */
class NamespaceContentsTest {

    @Test
    void theNamespaceControllerKnowsEveryNamespacedKind() {
        Set<String> stored = BuiltinKinds.list().stream()
                .filter(ResourceDefinition::namespaced)
                // A view of another version or group is emptied with what it shows.
                .filter(kind -> kind.strategy().storageGroup().isEmpty())
                .map(kind -> kind.apiVersion() + " " + kind.plural())
                .collect(Collectors.toSet());
        Set<String> emptied = Stream.of(ResourceType.known(), OtherKinds.namespaced())
                .flatMap(List::stream)
                .filter(ResourceType::namespaced)
                .map(type -> type.apiVersion() + " " + type.plural())
                .collect(Collectors.toSet());
        assertThat(emptied).containsAll(stored);
    }
}
