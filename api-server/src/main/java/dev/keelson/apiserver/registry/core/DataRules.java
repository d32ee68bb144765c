package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.KeyNames;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What ConfigMaps and Secrets share: keys that can be file names, a bound on size, and being frozen. */
final class DataRules {
    /** Total bytes of all values (Kubernetes' MaxSecretSize). */
    static final int LIMIT = 1024 * 1024;

    private DataRules() {}

    /** Judges the keys of text entries and returns the bytes of their values. */
    static long textEntries(JsonNode entries, String field, Problems problems) {
        long size = 0;
        for (var entry : entries.properties()) {
            key(entry.getKey(), field, problems);
            size += entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    /** As {@link #textEntries} for values in base64, counted decoded. */
    static long binaryEntries(JsonNode entries, String field, Problems problems) {
        long size = 0;
        for (var entry : entries.properties()) {
            key(entry.getKey(), field, problems);
            Optional<byte[]> bytes = decode(entry.getValue());
            size += bytes.map(value -> value.length).orElse(0);
            if (bytes.isEmpty()) {
                problems.invalid(field + "[" + entry.getKey() + "]", entry.getValue(), "must be base64 (RFC 4648)");
            }
        }
        return size;
    }

    static Optional<byte[]> decode(JsonNode value) {
        if (value.isNull()) {
            return Optional.of(new byte[0]);
        }
        try {
            // Go's decoder skips line ends inside base64, and clients rely on it.
            return value.isTextual()
                    ? Optional.of(Base64.getDecoder()
                            .decode(value.textValue().replace("\n", "").replace("\r", "")))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    static void totalSize(long size, String field, Problems problems) {
        if (size > LIMIT) {
            problems.tooLong(field, LIMIT);
        }
    }

    private static void key(String key, String field, Problems problems) {
        KeyNames.problems(key).forEach(words -> problems.invalid(field + "[" + key + "]", key, words));
    }

    static void immutable(ObjectNode updated, ObjectNode old, List<String> fields, Problems problems) {
        String words = "field is immutable when `immutable` is set";
        if (!Tree.isTrue(updated, "immutable")) {
            problems.forbidden("immutable", words);
        }
        for (String field : fields) {
            if (!Tree.same(updated.path(field), old.path(field))) {
                problems.forbidden(field, words);
            }
        }
    }
}
