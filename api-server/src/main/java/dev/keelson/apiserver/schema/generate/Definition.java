package dev.keelson.apiserver.schema.generate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object type of the API: what JSON it has, joined from the models (names, requirements) and the protobuf comments
 * (merge and list markers).
 *
 * @param name such as {@code io.k8s.api.core.v1.Pod}
 * @param atomic whether server-side apply owns it as a whole
 */
record Definition(String name, String description, boolean atomic, Map<String, Property> properties) {

    /**
     * One field.
     *
     * @param type in the notation of {@link ModelTypes}
     * @param defaultValue JSON of the marker {@code +default}
     */
    record Property(
            String name,
            String type,
            String description,
            boolean required,
            Optional<String> patchStrategy,
            Optional<String> patchMergeKey,
            Optional<String> listType,
            List<String> listMapKeys,
            Optional<String> mapType,
            Optional<String> defaultValue) {}
}
