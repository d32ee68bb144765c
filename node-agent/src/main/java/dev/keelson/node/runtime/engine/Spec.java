package dev.keelson.node.runtime.engine;

import java.io.ByteArrayOutputStream;
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

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Map.Entry<String, String> entry : entries) {
            bytes.writeBytes((entry.getKey() + "=" + entry.getValue()).getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    static final class Builder {
        private final List<Map.Entry<String, String>> entries = new ArrayList<>();

        Builder add(String key, Object value) {
            String text = value.toString();
            if (text.indexOf('\0') >= 0) {
                throw Failures.invalid("%s must not contain a NUL character".formatted(key));
            }
            entries.add(Map.entry(key, text));
            return this;
        }

        Builder flag(String key, boolean value) {
            return value ? add(key, "1") : this;
        }

        Builder all(String key, List<?> values) {
            values.forEach(value -> add(key, value));
            return this;
        }

        Spec build() {
            return new Spec(entries);
        }
    }
}
