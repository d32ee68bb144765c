package dev.keelson.apiserver.schema;

import java.util.List;

/** Names of definitions by group, version and kind. */
public final class DefinitionNames {
    private DefinitionNames() {}

    /**
     * {@code io.k8s.api.apps.v1.Deployment}, where a group's Go package is the first part of its name; kinds of other
     * domains, such as {@code dev.keelson.v1.Transaction}, by their domain read backwards, as custom ones.
     */
    public static String of(String group, String version, String kind) {
        // A custom group such as apps.example.com is not the published one that begins alike.
        boolean foreign = group.contains(".") && !group.endsWith(".k8s.io");
        String goPackage = group.isEmpty() ? "core" : group.split("\\.", 2)[0];
        return (foreign ? backwards(group) : "io.k8s.api." + goPackage) + "." + version + "." + kind;
    }

    public static String backwards(String group) {
        return String.join(".", List.of(group.split("\\.")).reversed());
    }
}
