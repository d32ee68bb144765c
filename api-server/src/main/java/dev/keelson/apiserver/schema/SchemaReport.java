package dev.keelson.apiserver.schema;

import java.util.List;

/**
 * What an object's shape has that its type does not.
 *
 * @param unknownFields messages such as {@code unknown field "spec.foo"}; what {@code fieldValidation=Strict} refuses
 * @param typeErrors messages such as {@code json: cannot unmarshal string into Go struct field
 *     DeploymentSpec.spec.replicas of type int32}; always refused
 */
public record SchemaReport(List<String> unknownFields, List<String> typeErrors) {

    public SchemaReport {
        unknownFields = List.copyOf(unknownFields);
        typeErrors = List.copyOf(typeErrors);
    }

    static SchemaReport clean() {
        return new SchemaReport(List.of(), List.of());
    }
}
