package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.schema.SchemaResources;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The messages of the API, read package by package when the first body of one arrives. */
final class WireCatalog {
    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1";

    private final Map<String, Map<String, Map<Integer, WireField>>> packages = new ConcurrentHashMap<>();

    private static final class Known {
        private static final Set<String> PACKAGES = SchemaResources.json("wire/index.json").stream()
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::asText)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The name of the message for a kind; kinds of the meta group, such as DeleteOptions, exist in every group. */
    Optional<String> messageOf(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "core" : apiVersion.substring(0, slash).split("\\.", 2)[0];
        String own = "k8s.io.api." + group + "." + apiVersion.substring(slash + 1);
        for (String packageName : new String[] {META, own}) {
            String name = packageName + "." + kind;
            if (find(name).isPresent()) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** A message's fields by number. */
    Optional<Map<Integer, WireField>> find(String message) {
        int end = message.lastIndexOf('.');
        if (end < 0 || !Known.PACKAGES.contains(message.substring(0, end))) {
            return Optional.empty();
        }
        return Optional.ofNullable(packages.computeIfAbsent(message.substring(0, end), WireCatalog::load)
                .get(message));
    }

    private static Map<String, Map<Integer, WireField>> load(String packageName) {
        Map<String, Map<Integer, WireField>> messages = new HashMap<>();
        JsonNode table = SchemaResources.json("wire/" + packageName + ".json").orElseThrow();
        table.properties().forEach(message -> {
            Map<Integer, WireField> fields = new HashMap<>();
            message.getValue().properties().forEach(field -> {
                JsonNode entry = field.getValue();
                String flags = entry.path(2).asText();
                fields.put(
                        Integer.valueOf(field.getKey()),
                        new WireField(
                                entry.path(0).asText(),
                                entry.path(1).asText(),
                                flags.contains("i"),
                                flags.contains("z")));
            });
            messages.put(message.getKey(), Map.copyOf(fields));
        });
        return Map.copyOf(messages);
    }
}
