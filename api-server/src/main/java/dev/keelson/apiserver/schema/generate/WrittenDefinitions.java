package dev.keelson.apiserver.schema.generate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Definitions of one package that no published source has, written down by hand. */
final class WrittenDefinitions {
    private final String packageName;
    private final Map<String, Definition> found = new TreeMap<>();

    /** @param packageName with its last dot */
    WrittenDefinitions(String packageName) {
        this.packageName = packageName;
    }

    Map<String, Definition> all() {
        return found;
    }

    /** A kind, whose objects say which one they are of. */
    void kind(String name, String description, Definition.Property... properties) {
        define(name, description, properties);
        Map<String, Definition.Property> fields = found.get(packageName + name).properties();
        List.of("apiVersion", "kind").forEach(field -> fields.put(field, property(field, "string", "", false)));
    }

    void define(String name, String description, Definition.Property... properties) {
        Map<String, Definition.Property> fields = new TreeMap<>();
        List.of(properties).forEach(property -> fields.put(property.name(), property));
        found.put(packageName + name, new Definition(packageName + name, description, false, fields));
    }

    /** A list of objects of this package. */
    Definition.Property listOf(String name, String definition, String description) {
        return property(name, "[@" + packageName + definition, description, true);
    }

    /** An object of this package. */
    Definition.Property one(String name, String definition, String description, boolean required) {
        return property(name, "@" + packageName + definition, description, required);
    }

    static Definition.Property metadata(String type) {
        return property("metadata", "@io.k8s.apimachinery.pkg.apis.meta.v1." + type, "", false);
    }

    static Definition.Property property(String name, String type, String description, boolean required) {
        return new Definition.Property(
                name,
                type,
                description,
                required,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
