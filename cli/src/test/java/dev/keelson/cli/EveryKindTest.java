package dev.keelson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What looks at objects of every kind knows them all. Nothing that can be in a namespace outlives it: what is left would be
 * found again by who makes one of that name. And nothing outlives its owners.
 */
class EveryKindTest {

    @Test
    void theNamespaceControllerKnowsEveryNamespacedKind() {
        Set<String> stored = stored(ResourceDefinition::namespaced);
        Set<String> emptied = known(OtherKinds.namespaced(), ResourceType::namespaced);
        assertThat(emptied).containsAll(stored);
    }

    @Test
    void theGarbageCollectorKnowsEveryKind() {
        assertThat(known(OtherKinds.all(), type -> true)).isEqualTo(stored(kind -> true));
    }

    private static Set<String> stored(Predicate<ResourceDefinition> which) {
        return BuiltinKinds.list().stream()
                .filter(which)
                // A view of another version or group is looked at with what it shows.
                .filter(kind -> kind.strategy().storageGroup().isEmpty())
                .map(kind -> "%s %s %s %s".formatted(kind.apiVersion(), kind.kind(), kind.plural(), kind.namespaced()))
                .collect(Collectors.toSet());
    }

    private static Set<String> known(
            List<ResourceType<GenericKubernetesResource>> others, Predicate<ResourceType<?>> which) {
        return Stream.concat(ResourceType.known().stream(), others.stream())
                .filter(which)
                .map(type -> "%s %s %s %s".formatted(type.apiVersion(), type.kind(), type.plural(), type.namespaced()))
                .collect(Collectors.toSet());
    }
}
