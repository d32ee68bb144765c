package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.Converter;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.UUID;

/**
 * Strategy Webhook: a ConversionReview of apiextensions.k8s.io is sent, and {@link ConversionAnswer} judges what comes
 * back.
 *
 * @param reviewVersion {@code v1} or {@code v1beta1}, which say the same
 * @param client calls the webhook
 */
public record WebhookConverter(String reviewVersion, WebhookClient client) implements Converter {
    private static final String GROUP = "apiextensions.k8s.io/";

    @Override
    public boolean atOnce() {
        return false;
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
        String uid = UUID.randomUUID().toString();
        ObjectNode review = client.call(review(objects, apiVersion, uid), webhookFor(objects.getFirst()) + "failed: ");
        return new ConversionAnswer(GROUP + reviewVersion, uid, objects, apiVersion).read(review);
    }

    /** How refusals begin. */
    static String webhookFor(ObjectNode object) {
        return "conversion webhook for %s, Kind=%s "
                .formatted(Tree.text(object, "apiVersion"), Tree.text(object, "kind"));
    }

    private ObjectNode review(List<ObjectNode> objects, String apiVersion, String uid) {
        ObjectNode review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "ConversionReview")
                .put("apiVersion", GROUP + reviewVersion);
        ObjectNode request = review.putObject("request").put("uid", uid).put("desiredAPIVersion", apiVersion);
        ArrayNode list = request.putArray("objects");
        objects.forEach(list::add);
        return review;
    }
}
