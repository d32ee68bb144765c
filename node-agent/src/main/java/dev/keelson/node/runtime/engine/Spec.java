package dev.keelson.node.runtime.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is written down for the launcher and for the next agent: entries {@code key=value}, each ended by NUL, keys may
 * repeat. NUL cannot occur in a path, an argument or a variable, so nothing needs escaping.
 */
record Spec(List<Map.Entry<String, String>> entries) {

    Spec {
        entries = List.copyOf(entries);
    }

    static Builder builder() {
        return new Builder();
    }

    static Spec read(Path file) throws IOException {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (String entry : Files.readString(file).split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                entries.add(Map.entry(entry.substring(0, equals), entry.substring(equals + 1)));
            }
        }
        return new Spec(entries);
    }

    String get(String key) {
        return find(key).orElse("");
    }

    Optional<String> find(String key) {
        return entries.stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    boolean is(String key) {
        return get(key).equals("1");
    }

    int number(String key) {
        return Integer.parseInt(find(key).orElse("0"));
    }

    /** Writes entries one after the other, as they are stored. */
    static final class Builder {
        private final StringBuilder entries = new StringBuilder(1024);

        Builder add(String key, Object value) {
            String text = value.toString();
            if (text.indexOf('\0') >= 0) {
                throw Failures.invalid("%s must not contain a NUL character".formatted(key));
            }
            entries.append(key).append('=').append(text).append('\0');
            return this;
        }

        Builder flag(String key, boolean value) {
            return value ? add(key, "1") : this;
        }

        Builder all(String key, List<?> values) {
            values.forEach(value -> add(key, value));
            return this;
        }

        byte[] bytes() {
            return entries.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
