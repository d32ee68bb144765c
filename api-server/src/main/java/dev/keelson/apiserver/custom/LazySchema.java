package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.schema.CustomSchema;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.watch.CachedObject;
import java.lang.ref.SoftReference;
import java.util.Optional;

/**
 * The schema of one version, made from the definition's bytes when it is needed and let go when memory is: an idle server
 * with a hundred definitions holds no schema at all.
 */
final class LazySchema {
    private static final SoftReference<CustomSchema> NOT_MADE = new SoftReference<>(null);

    private final String version;
    private volatile Optional<Boolean> defaults = Optional.empty();
    private volatile CachedObject crd;
    private volatile SoftReference<CustomSchema> made = NOT_MADE;

    LazySchema(CachedObject crd, String version) {
        this.crd = crd;
        this.version = version;
    }

    CustomSchema get() {
        CustomSchema present = made.get();
        if (present != null) {
            return present;
        }
        CustomSchema fresh = new CustomSchema(schema());
        made = new SoftReference<>(fresh);
        return fresh;
    }

    /** Whether anything in it has a default; remembered longer than the schema is. */
    boolean hasDefaults() {
        if (defaults.isEmpty()) {
            defaults = Optional.of(get().root().hasDefaults());
        }
        return defaults.get();
    }

    /** Another state of the same definition with the same spec. */
    void movedTo(CachedObject newer) {
        crd = newer;
    }

    /** The schema as the definition has it. */
    JsonNode schema() {
        for (ObjectNode declared : Tree.objects(crd.tree(), "spec", "versions")) {
            if (Tree.text(declared, "name").equals(version)) {
                return declared.path("schema").path("openAPIV3Schema");
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }
}
