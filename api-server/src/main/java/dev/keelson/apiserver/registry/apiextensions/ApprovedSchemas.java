package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.cel.CelSchemaRules;
import dev.keelson.apiserver.custom.schema.SchemaRules;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Judges schemas, and remembers those that passed: a definition's conditions are written far more often than its schema,
 * and compiling the rules of a large schema takes a while.
 */
final class ApprovedSchemas {
    private static final int REMEMBERED = 256;

    private final Map<String, Boolean> approved = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    void check(JsonNode schema, String path, Problems problems) {
        String digest = digest(schema);
        synchronized (approved) {
            if (approved.containsKey(digest)) {
                return;
            }
        }
        Problems found = new Problems();
        Predicate<Structural> sound = SchemaRules.check(schema, path, found);
        CelSchemaRules.check(schema, path, found, sound);
        if (found.list().isEmpty()) {
            CelSchemaRules.checkDefaults(schema, path, found);
        }
        problems.addAll(found.list());
        if (found.list().isEmpty()) {
            synchronized (approved) {
                approved.put(digest, true);
            }
        }
    }

    private static String digest(JsonNode schema) {
        try {
            byte[] bytes = schema.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
