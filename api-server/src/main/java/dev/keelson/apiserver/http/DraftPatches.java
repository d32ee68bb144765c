package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;

/** Patches without knowledge of schemas: every format but JSON Patch is taken as a merge patch (RFC 7396). */
final class DraftPatches implements PatchEngine {
    @Override
    public ObjectNode apply(
            Type type, ResourceDefinition kind, ObjectNode current, JsonNode patch, QueryParameters query) {
        if (type != Type.JSON) {
            return (ObjectNode) merged(current, patch);
        }
        try {
            return (ObjectNode) JsonPatch.apply(patch, current);
        } catch (JsonPatchApplicationException e) {
            throw ApiFailure.badRequest(e.getMessage());
        }
    }

    @Override
    public ObjectNode create(ResourceDefinition kind, ObjectNode wanted, String name, QueryParameters query) {
        Meta.of(wanted).put("name", name);
        return wanted;
    }

    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                result.set(change.getKey(), merged(result.path(change.getKey()), change.getValue()));
            }
        });
        return result;
    }
}
