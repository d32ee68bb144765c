package dev.keelson.apiserver.registry.apiextensions;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of apiextensions.k8s.io/v1. */
public final class ApiextensionsKinds {
    private ApiextensionsKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(CustomResourceDefinitionKind.definition());
    }
}
