package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.Converter;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Strategy Webhook: a ConversionReview (apiextensions.k8s.io/v1) is sent, and what comes back is trusted in everything but
 * metadata, of which only labels and annotations may have changed.
 *
 * @param client calls the webhook
 */
public record WebhookConverter(WebhookClient client) implements Converter {
    private static final List<String> CONVERTIBLE_METADATA = List.of("labels", "annotations");

    @Override
    public boolean atOnce() {
        return false;
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
        String uid = UUID.randomUUID().toString();
        String what = "conversion webhook for " + Tree.text(objects.getFirst(), "apiVersion") + ", Kind="
                + Tree.text(objects.getFirst(), "kind") + " failed: ";
        JsonNode response = client.call(review(objects, apiVersion, uid), what).path("response");
        if (!Tree.text(response, "uid").equals(uid)) {
            throw ApiFailure.internal(
                    what + "expected response.uid=\"" + uid + "\", got \"" + Tree.text(response, "uid") + "\"");
        }
        if (!Tree.text(response, "result", "status").equals("Success")) {
            String said = Tree.text(response, "result", "message");
            throw ApiFailure.internal(what + (said.isEmpty() ? "response.result.status was not Success" : said));
        }
        return checked(objects, response.path("convertedObjects"), apiVersion, what);
    }

    private static ObjectNode review(List<ObjectNode> objects, String apiVersion, String uid) {
        ObjectNode review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "ConversionReview")
                .put("apiVersion", "apiextensions.k8s.io/v1");
        ObjectNode request = review.putObject("request").put("uid", uid).put("desiredAPIVersion", apiVersion);
        ArrayNode list = request.putArray("objects");
        objects.forEach(list::add);
        return review;
    }

    private static List<ObjectNode> checked(
            List<ObjectNode> objects, JsonNode converted, String apiVersion, String what) {
        if (converted.size() != objects.size()) {
            throw ApiFailure.internal(
                    what + "webhook returned " + converted.size() + " objects, expected " + objects.size());
        }
        List<ObjectNode> result = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            String at = "response.convertedObjects[" + i + "]";
            if (!(converted.get(i) instanceof ObjectNode object)) {
                throw ApiFailure.internal(what + at + " is not an object");
            }
            if (!Tree.text(object, "apiVersion").equals(apiVersion)) {
                throw ApiFailure.internal(what + at + " has the apiVersion \"" + Tree.text(object, "apiVersion")
                        + "\", expected \"" + apiVersion + "\"");
            }
            result.add(sameObject(objects.get(i), object, what + at));
        }
        return result;
    }

    private static ObjectNode sameObject(ObjectNode original, ObjectNode converted, String what) {
        boolean kind = converted.path("kind").equals(original.path("kind"));
        JsonNode given = converted.path("metadata");
        for (String field : List.of("name", "namespace", "uid")) {
            if (!kind || !Tree.text(given, field).equals(Tree.text(original, "metadata", field))) {
                throw ApiFailure.internal(what + " must have the same kind and metadata." + field);
            }
        }
        ObjectNode metadata = original.path("metadata").deepCopy();
        CONVERTIBLE_METADATA.forEach(field -> Tree.carry(metadata, given, field));
        converted.set("metadata", metadata);
        return converted;
    }
}
