package dev.keelson.apiserver.schema;

import java.util.Map;
import java.util.Optional;

/**
 * An object type.
 *
 * @param definition its name in OpenAPI, such as {@code io.k8s.api.core.v1.PodSpec}
 * @param open whether objects may have fields beside the declared ones
 * @param atomic whether server-side apply owns such an object as a whole
 */
public record ObjectSchema(String definition, boolean atomic, boolean open, Map<String, FieldSchema> fields) {

    public ObjectSchema {
        fields = Map.copyOf(fields);
    }

    public Optional<FieldSchema> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** {@code PodSpec} of {@code io.k8s.api.core.v1.PodSpec}: how Kubernetes' messages name the type. */
    String goName() {
        return definition.substring(definition.lastIndexOf('.') + 1);
    }
}
