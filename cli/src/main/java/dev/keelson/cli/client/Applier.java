package dev.keelson.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.cli.CliException;
import java.util.Optional;

/** Brings objects to the server by server-side apply (field manager {@code keelson}); applying twice changes nothing. */
public final class Applier {
    private final Api api;
    private final Resources resources;

    public Applier(Api api, Resources resources) {
        this.api = api;
        this.resources = resources;
    }

    /** One applied object: what to call it and what happened ({@code created}, {@code configured}, {@code unchanged}). */
    public record Applied(Resources.Resource resource, String namespace, String name, String outcome) {
        public String line() {
            return resource.display(name) + " " + outcome;
        }
    }

    public Applied apply(JsonNode manifest, String defaultNamespace, boolean force) {
        Resources.Resource resource = resources.of(manifest);
        String name = manifest.path("metadata").path("name").asText();
        String namespace = resource.namespaced()
                ? manifest.path("metadata").path("namespace").asText(defaultNamespace)
                : "";
        ObjectNode body = manifest.deepCopy();
        if (resource.namespaced()) {
            ((ObjectNode) body.path("metadata")).put("namespace", namespace);
        }
        String path = resource.path(namespace, name);
        Optional<JsonNode> before = api.find(path);
        JsonNode after = api.call(
                "PATCH",
                path + "?fieldManager=keelson&fieldValidation=Strict&force=" + force,
                "application/apply-patch+yaml",
                bytes(body));
        return new Applied(resource, namespace, name, outcome(before, after));
    }

    private static String outcome(Optional<JsonNode> before, JsonNode after) {
        if (before.isEmpty()) {
            return "created";
        }
        boolean same = version(before.get()).equals(version(after));
        return same ? "unchanged" : "configured";
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return Api.JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new CliException("cannot write the object as JSON: " + e.getMessage(), e);
        }
    }
}
