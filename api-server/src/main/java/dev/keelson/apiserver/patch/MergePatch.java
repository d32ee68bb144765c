package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * JSON Merge Patch: objects merge, null removes, all else replaces.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7386">RFC 7386</a>
 */
public final class MergePatch {
    private MergePatch() {}

    /**
     * Returns the patched object; neither argument is changed.
     *
     * @throws PatchException when the patch is not an object
     */
    public static ObjectNode apply(ObjectNode target, JsonNode patch) {
        if (patch instanceof ObjectNode changes) {
            return merge(target.deepCopy(), changes);
        }
        throw PatchException.malformed("a merge patch must be a JSON object");
    }

    private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(change -> {
            String field = change.getKey();
            switch (change.getValue()) {
                case ObjectNode nested -> {
                    ObjectNode current = target.get(field) instanceof ObjectNode object
                            ? object
                            : JsonNodeFactory.instance.objectNode();
                    target.set(field, merge(current, nested));
                }
                case JsonNode value when value.isNull() -> target.remove(field);
                case JsonNode value -> target.set(field, value.deepCopy());
            }
        });
        return target;
    }
}
