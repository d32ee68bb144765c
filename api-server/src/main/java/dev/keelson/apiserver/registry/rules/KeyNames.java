package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Keys of ConfigMaps and Secrets, which must be able to be file names (apimachinery's {@code IsConfigMapKey}). */
public final class KeyNames {
    private static final int LONGEST = 253;
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final String WORDS =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                    + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    private KeyNames() {}

    public static Optional<String> problem(String key) {
        if (key.length() > LONGEST) {
            return Optional.of("must be no more than " + LONGEST + " characters");
        }
        if (!KEY.matcher(key).matches()) {
            return Optional.of(WORDS);
        }
        if (key.equals(".") || key.equals("..")) {
            return Optional.of("must not be '" + key + "'");
        }
        return key.startsWith("..") ? Optional.of("must not start with '..'") : Optional.empty();
    }

    public static void check(String path, JsonNode key, Problems problems) {
        problem(key.asText()).ifPresent(words -> problems.invalid(path, key, words));
    }
}
