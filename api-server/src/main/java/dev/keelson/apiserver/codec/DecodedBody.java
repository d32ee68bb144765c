package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a request body says.
 *
 * @param tree the value; when a field was given twice the last one wins, as in Kubernetes
 * @param duplicateFields paths of the fields that were given more than once, such as {@code spec.replicas}; at most
 *     {@value BodyLimits#MAX_DUPLICATES} are kept
 */
public record DecodedBody(JsonNode tree, List<String> duplicateFields) {

    public DecodedBody {
        duplicateFields = List.copyOf(duplicateFields);
    }

    /** The value as an object; every API object is one. */
    public ObjectNode object() {
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw BodyException.malformed("the body is %s, but an object with apiVersion, kind and metadata is expected"
                .formatted(JsonWords.kindOf(tree)));
    }

    /** {@code duplicate field "spec.replicas"} for each, as a strict decode reports them. */
    public List<String> duplicateMessages() {
        return duplicateFields.stream().map("duplicate field \"%s\""::formatted).toList();
    }
}
