package dev.keelson.apiserver.http.reply;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Warnings in the room that headers have: each once, and when all of them are too much, each cut short and the last ones
 * left out (the limits of the Kubernetes API server). Pure.
 */
final class WarningHeaders {
    private static final int MOST_CHARACTERS = 4 * 1024;
    private static final int LONGEST_WHEN_MANY = 256;

    private WarningHeaders() {}

    /** The header values. */
    static List<String> of(List<String> warnings) {
        LinkedHashSet<String> distinct = new LinkedHashSet<>(warnings);
        int all = distinct.stream().mapToInt(String::length).sum();
        List<String> values = new ArrayList<>();
        int written = 0;
        for (String warning : distinct) {
            String text = all > MOST_CHARACTERS && warning.length() > LONGEST_WHEN_MANY
                    ? warning.substring(0, LONGEST_WHEN_MANY)
                    : warning;
            written += text.length();
            if (written > MOST_CHARACTERS) {
                break;
            }
            values.add("299 - \"" + escaped(text) + "\"");
        }
        return values;
    }

    /** The text as a quoted string of RFC 9110; bytes that a header cannot carry are shown as question marks. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return out.toString();
    }
}
