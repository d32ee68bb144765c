package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The types of kinds that CustomResourceDefinitions declare; they come and go while the server runs. */
public interface CustomTypes {
    /** Begins the name of every definition of a custom type, so that it is never mistaken for a published one. */
    String PREFIX = "custom:";

    Optional<ObjectSchema> find(String apiVersion, String kind);

    /** The type behind a name that begins with {@link #PREFIX}. */
    Optional<ObjectSchema> definition(String name);

    /** Takes out of an object of a custom kind, in place, what its schema does not name. */
    void prune(ObjectNode object);

    /** No custom kinds. */
    static CustomTypes none() {
        return new CustomTypes() {
            @Override
            public Optional<ObjectSchema> find(String apiVersion, String kind) {
                return Optional.empty();
            }

            @Override
            public Optional<ObjectSchema> definition(String name) {
                return Optional.empty();
            }

            @Override
            public void prune(ObjectNode object) {}
        };
    }
}
