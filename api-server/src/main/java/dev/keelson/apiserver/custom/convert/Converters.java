package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.Converter;
import dev.keelson.apiserver.registry.rules.Tree;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The converters for what {@code spec.conversion} of a definition asks for; equal webhooks share their connections. */
public final class Converters implements Function<JsonNode, Converter> {
    private static final int REMEMBERED = 64;
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");

    private final Vertx vertx;
    private final WebhookAddresses addresses;
    private final Map<Webhook, Converter> webhooks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Webhook, Converter> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Converters(Vertx vertx, WebhookAddresses addresses) {
        this.vertx = vertx;
        this.addresses = addresses;
    }

    @Override
    public synchronized Converter apply(JsonNode conversion) {
        if (!Tree.text(conversion, "strategy").equals("Webhook")) {
            return Converter.NONE;
        }
        JsonNode webhook = conversion.path("webhook");
        // The first version that both sides know, in the order in which the webhook prefers them.
        String version = Tree.texts(webhook, "conversionReviewVersions").stream()
                .filter(REVIEWS::contains)
                .findFirst()
                .orElse("v1");
        return webhooks.computeIfAbsent(
                new Webhook(version, webhook.path("clientConfig").deepCopy()),
                key -> new WebhookConverter(key.version(), new WebhookClient(vertx, key.config(), addresses)));
    }

    private record Webhook(String version, JsonNode config) {}
}
