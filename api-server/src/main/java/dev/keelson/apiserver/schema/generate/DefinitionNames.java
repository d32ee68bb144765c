package dev.keelson.apiserver.schema.generate;

/** Names of definitions by group, version and kind. */
final class DefinitionNames {
    private DefinitionNames() {}

    /** {@code io.k8s.api.apps.v1.Deployment}; a group's Go package is the first part of its name. */
    static String of(String group, String version, String kind) {
        String goPackage = group.isEmpty() ? "core" : group.split("\\.", 2)[0];
        return "io.k8s.api." + goPackage + "." + version + "." + kind;
    }
}
