package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.schema.Schemas;
import java.util.List;
import java.util.Optional;

/**
 * What an annotation carried, held against the types of the stored version: no client's text gets past the schema only
 * because it came in an annotation. What does not fit is ignored, as Kubernetes ignores what it cannot decode.
 */
final class CarriedForms {
    private CarriedForms() {}

    /** Read when first asked for: hardly any autoscaler has such annotations. */
    private static final class Types {
        static final Schemas SCHEMAS = new Schemas();
    }

    /** The list as the field of that part of the object would hold it; empty when it could not. */
    static List<ObjectNode> sound(String part, String field, List<ObjectNode> items) {
        if (items.isEmpty()) {
            return items;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode().addAll(items);
        return checked(part, field, list)
                .map(whole -> Tree.objects(whole, part, field))
                .orElse(List.of());
    }

    static Optional<ObjectNode> sound(String part, String field, ObjectNode value) {
        return checked(part, field, value).flatMap(whole -> Tree.object(whole, part, field));
    }

    private static Optional<ObjectNode> checked(String part, String field, JsonNode value) {
        ObjectNode whole = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "autoscaling/v2")
                .put("kind", "HorizontalPodAutoscaler");
        whole.putObject(part).set(field, value);
        if (!Types.SCHEMAS.check(whole).typeErrors().isEmpty()) {
            return Optional.empty();
        }
        Types.SCHEMAS.prune(whole);
        return Optional.of(whole);
    }
}
