package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * What a conversion webhook answered: trusted in everything but metadata, of which only labels and annotations may have
 * changed. Refusals are in the words of Kubernetes' webhook_converter.go.
 *
 * @param reviewVersion the API version of the review that was sent, which is the answer's too
 * @param uid of the request that was answered
 * @param sent the objects of the request
 * @param apiVersion the version that was asked for
 */
record ConversionAnswer(String reviewVersion, String uid, List<ObjectNode> sent, String apiVersion) {

    /** The converted objects, in the order of those that were sent. */
    List<ObjectNode> read(JsonNode review) {
        // Nobody asked this of webhooks that know version 1beta1 only.
        boolean strict = reviewVersion.endsWith("/v1");
        String version = Tree.text(review, "apiVersion");
        String kind = Tree.text(review, "kind");
        if (strict && !(version.equals(reviewVersion) && kind.equals("ConversionReview"))) {
            throw failed("expected webhook response of %s, Kind=ConversionReview, got %s, Kind=%s"
                    .formatted(reviewVersion, version.contains("/") ? version : "/" + version, kind));
        }
        JsonNode response = review.path("response");
        if (!response.isObject()) {
            throw failed("no response provided");
        }
        if (strict && !Tree.text(response, "uid").equals(uid)) {
            throw failed("expected response.uid=\"%s\", got \"%s\"".formatted(uid, Tree.text(response, "uid")));
        }
        String status = Tree.text(response, "result", "status");
        if (!status.equals("Success")) {
            String said = Tree.text(response, "result", "message");
            throw failed(said.isEmpty() ? "response.result.status was '%s', not 'Success'".formatted(status) : said);
        }
        return converted(response.path("convertedObjects"));
    }

    private List<ObjectNode> converted(JsonNode objects) {
        if (objects.size() != sent.size()) {
            throw refused("returned %d objects, expected %d".formatted(objects.size(), sent.size()));
        }
        List<ObjectNode> result = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            result.add(checked(sent.get(i), objects.path(i), i));
        }
        return result;
    }

    private ObjectNode checked(ObjectNode original, JsonNode answered, int index) {
        // Kubernetes names the place of an object in another way when it is the only one.
        String typed =
                sent.size() == 1 ? "invalid object at index 0: " : "invalid converted object at index " + index + ": ";
        String object = sent.size() == 1 ? "invalid object: " : typed;
        if (!(answered instanceof ObjectNode converted)) {
            throw refused("returned " + typed + "it is not an object");
        }
        if (!Tree.text(converted, "apiVersion").equals(apiVersion)) {
            throw refused("returned " + typed
                    + "invalid groupVersion (expected %s, received %s)"
                            .formatted(apiVersion, Tree.text(converted, "apiVersion")));
        }
        if (!Tree.text(converted, "kind").equals(Tree.text(original, "kind"))) {
            throw refused("returned " + typed
                    + "invalid kind (expected %s, received %s)"
                            .formatted(Tree.text(original, "kind"), Tree.text(converted, "kind")));
        }
        for (String field : List.of("name", "namespace", "uid")) {
            String expected = Tree.text(original, "metadata", field);
            String actual = Tree.text(converted, "metadata", field);
            if (!actual.equals(expected)) {
                throw refused("returned " + object
                        + "must have the same %s: %s != %s"
                                .formatted(field.equals("uid") ? "UID" : field, expected, actual));
            }
        }
        converted.set("metadata", metadata(original.path("metadata"), converted.path("metadata"), index));
        return converted;
    }

    /** The original's metadata with the labels and annotations of the answer. */
    private ObjectNode metadata(JsonNode original, JsonNode answered, int index) {
        ObjectNode metadata = original.deepCopy();
        for (String field : List.of("labels", "annotations")) {
            JsonNode texts = answered.path(field);
            metadata.remove(field);
            if (texts.isMissingNode() || texts.isNull()) {
                continue;
            }
            List<String> problems = problems(field, texts, original.path(field));
            if (!problems.isEmpty()) {
                String place = sent.size() == 1 ? "" : " in object at index " + index;
                throw refused("returned invalid metadata%s: %s"
                        .formatted(place, problems.size() == 1 ? problems.getFirst() : problems.toString()));
            }
            metadata.set(field, texts);
        }
        return metadata;
    }

    /** Unchanged texts are not judged again: an object may be older than a rule. */
    private static List<String> problems(String field, JsonNode texts, JsonNode before) {
        if (!texts.isObject()) {
            return List.of("invalid metadata.%s of type %s in converted object".formatted(field, goType(texts)));
        }
        List<String> others = texts.properties().stream()
                .filter(entry -> !entry.getValue().isTextual())
                .map(entry -> "metadata.%s[%s] must be a string, but is %s in converted object"
                        .formatted(field, entry.getKey(), goType(entry.getValue())))
                .toList();
        if (!others.isEmpty() || texts.equals(before)) {
            return others;
        }
        Problems problems = new Problems();
        if (field.equals("labels")) {
            LabelRules.labels(texts, "metadata.labels", problems);
        } else {
            LabelRules.annotations(texts, "metadata.annotation", problems);
        }
        return problems.list().stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }

    /** What Go calls the type into which it reads such a value. */
    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case NULL, MISSING, BINARY, POJO -> "<nil>";
        };
    }

    private ApiFailure failed(String why) {
        return refused("failed: " + why);
    }

    private ApiFailure refused(String why) {
        return ApiFailure.unknown(WebhookConverter.webhookFor(sent.getFirst()) + why);
    }
}
