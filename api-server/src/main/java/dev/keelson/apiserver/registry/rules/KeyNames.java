package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Keys of ConfigMaps and Secrets, which must be able to be file names (apimachinery's {@code IsConfigMapKey}). */
public final class KeyNames {
    private static final int LONGEST = 253;
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final String WORDS =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                    + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    private KeyNames() {}

    public static List<String> problems(String key) {
        List<String> problems = new ArrayList<>();
        if (key.length() > LONGEST) {
            problems.add("must be no more than " + LONGEST + " characters");
        }
        if (!KEY.matcher(key).matches()) {
            problems.add(WORDS);
        }
        if (key.equals(".") || key.equals("..")) {
            problems.add("must not be '" + key + "'");
        } else if (key.startsWith("..")) {
            problems.add("must not start with '..'");
        }
        return problems;
    }

    public static void check(String path, JsonNode key, Problems problems) {
        problems(key.asText()).forEach(words -> problems.invalid(path, key, words));
    }
}
