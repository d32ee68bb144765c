package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.Converter;
import dev.keelson.apiserver.registry.rules.Tree;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The converters for what {@code spec.conversion} of a definition asks for; equal webhooks share their connections. */
public final class Converters implements Function<JsonNode, Converter> {
    private static final int REMEMBERED = 64;

    private final Vertx vertx;
    private final WebhookAddresses addresses;
    private final Map<JsonNode, Converter> webhooks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JsonNode, Converter> eldest) {
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
        JsonNode config = conversion.path("webhook").path("clientConfig").deepCopy();
        return webhooks.computeIfAbsent(config, key -> new WebhookConverter(new WebhookClient(vertx, key, addresses)));
    }
}
