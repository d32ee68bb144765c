package dev.keelson.controllers.objects;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds that CustomResourceDefinitions declare, for controllers that look at objects of every kind. */
public final class CustomResources {
    public static final ResourceType<GenericKubernetesResource> DEFINITIONS = new ResourceType<>(
            "apiextensions.k8s.io",
            "v1",
            "CustomResourceDefinition",
            "customresourcedefinitions",
            false,
            GenericKubernetesResource.class);

    private CustomResources() {}

    /** The type of a definition's objects, in the version that they are stored in; empty until it is served. */
    public static Optional<ResourceType<GenericKubernetesResource>> typeOf(GenericKubernetesResource definition) {
        String group = text(definition.get("spec", "group"));
        String plural = text(definition.get("spec", "names", "plural"));
        String kind = text(definition.get("spec", "names", "kind"));
        boolean namespaced = text(definition.get("spec", "scope")).equals("Namespaced");
        return isEstablished(definition)
                ? versionName(definition)
                        .map(version -> new ResourceType<>(
                                group, version, kind, plural, namespaced, GenericKubernetesResource.class))
                : Optional.empty();
    }

    /** Where an object, in the version of {@link #typeOf}, says how many replicas it wants; empty for kinds without a scale. */
    public static Optional<String[]> replicasPath(GenericKubernetesResource definition) {
        return version(definition)
                .map(version -> version.get("subresources"))
                .map(parts -> parts instanceof Map<?, ?> map ? map.get("scale") : null)
                .map(scale -> scale instanceof Map<?, ?> map ? text(map.get("specReplicasPath")) : null)
                .map(path -> path.substring(1).split("\\."));
    }

    /** The versions in which a definition's objects are served. */
    public static Set<String> versions(GenericKubernetesResource definition) {
        return served(definition).map(version -> text(version.get("name"))).collect(Collectors.toUnmodifiableSet());
    }

    /** A name for a type that no other type has: {@code pods}, {@code deployments.apps}. */
    public static String qualified(ResourceType<?> type) {
        return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    }

    /**
     * Leaves of a definition what {@link #typeOf} reads, and of other objects who they are, whom they belong to and how far
     * their deletion is: no controller has a use for more.
     */
    public static void trim(GenericKubernetesResource object) {
        if (!object.getKind().equals(DEFINITIONS.kind())) {
            object.setAdditionalProperties(Map.of());
            object.getMetadata().setAnnotations(Map.of());
            object.getMetadata().setLabels(Map.of());
            return;
        }
        for (Map<?, ?> version : maps(object.get("spec", "versions"))) {
            version.remove("schema");
        }
        object.getMetadata().setAnnotations(Map.of());
        object.getMetadata().setManagedFields(List.of());
    }

    private static boolean isEstablished(GenericKubernetesResource definition) {
        return maps(definition.get("status", "conditions")).stream()
                .anyMatch(condition ->
                        "Established".equals(condition.get("type")) && "True".equals(condition.get("status")));
    }

    private static Optional<String> versionName(GenericKubernetesResource definition) {
        return version(definition).map(version -> text(version.get("name")));
    }

    private static Optional<Map<?, ?>> version(GenericKubernetesResource definition) {
        List<Map<?, ?>> served = served(definition).toList();
        return served.stream()
                .filter(version -> Boolean.TRUE.equals(version.get("storage")))
                .findFirst()
                .or(() -> served.stream().findFirst());
    }

    private static Stream<Map<?, ?>> served(GenericKubernetesResource definition) {
        return maps(definition.get("spec", "versions")).stream()
                .filter(version -> Boolean.TRUE.equals(version.get("served")));
    }

    private static List<Map<?, ?>> maps(Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> {
                if (item instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            });
        }
        return maps;
    }

    private static String text(Object value) {
        return value instanceof String text ? text : "";
    }
}
