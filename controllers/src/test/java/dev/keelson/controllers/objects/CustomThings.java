package dev.keelson.controllers.objects;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;

/** A custom kind for tests. */
public final class CustomThings {
    public static final ResourceType<GenericKubernetesResource> TYPE =
            new ResourceType<>("example.com", "v1", "Thing", "things", true, GenericKubernetesResource.class);

    private CustomThings() {}

    public static GenericKubernetesResource definition() {
        GenericKubernetesResource definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        definition.setMetadata(
                new ObjectMetaBuilder().withName("things.example.com").build());
        definition.setAdditionalProperty(
                "spec",
                Map.of(
                        "group",
                        "example.com",
                        "scope",
                        "Namespaced",
                        "names",
                        Map.of("plural", "things", "kind", "Thing"),
                        "versions",
                        List.of(Map.of("name", "v1", "served", true, "storage", true))));
        definition.setAdditionalProperty(
                "status", Map.of("conditions", List.of(Map.of("type", "Established", "status", "True"))));
        return definition;
    }

    public static GenericKubernetesResource thing(String name) {
        GenericKubernetesResource thing = object("example.com/v1", "Thing");
        thing.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        return thing;
    }

    private static GenericKubernetesResource object(String apiVersion, String kind) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(apiVersion);
        object.setKind(kind);
        return object;
    }
}
