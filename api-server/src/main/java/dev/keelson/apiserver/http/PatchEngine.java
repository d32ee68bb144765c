package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;

/** Applies patches to object trees; pure. Refuses a patch that cannot be applied with an ApiFailure. */
public interface PatchEngine {

    /** The patch formats of the Kubernetes API and their media types. */
    enum Type {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC_MERGE("application/strategic-merge-patch+json"),
        APPLY("application/apply-patch+yaml");

        private final String mediaType;

        Type(String mediaType) {
            this.mediaType = mediaType;
        }

        String mediaType() {
            return mediaType;
        }
    }

    /** @param query says who applies and whether to take fields over ({@code fieldManager}, {@code force}) */
    ObjectNode apply(Type type, ResourceDefinition kind, ObjectNode current, JsonNode patch, QueryParameters query);

    /** The object that server-side apply creates when there is none yet. */
    ObjectNode create(ResourceDefinition kind, ObjectNode wanted, String name, QueryParameters query);
}
