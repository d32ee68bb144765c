package dev.keelson.apiserver.schema.generate;

import java.util.ArrayList;
import java.util.List;

/** Go comments as descriptions. */
final class Prose {
    private Prose() {}

    /** Drops markers and what follows {@code ---}; single line ends become spaces, empty lines stay. */
    static String of(List<String> comment) {
        List<String> paragraphs = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : comment) {
            if (line.equals("---")) {
                break;
            }
            if (line.startsWith("+")) {
                continue;
            }
            if (line.isEmpty()) {
                flush(paragraphs, current);
            } else {
                current.append(current.isEmpty() ? "" : " ").append(line);
            }
        }
        flush(paragraphs, current);
        return String.join("\n\n", paragraphs);
    }

    private static void flush(List<String> paragraphs, StringBuilder current) {
        if (!current.isEmpty()) {
            paragraphs.add(current.toString());
            current.setLength(0);
        }
    }

    /** Undoes the escapes that Javadoc needs. */
    static String unescape(String text) {
        return text.replace("\\&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&#x60;", "`")
                .replace("&#42;&#47;", "*/")
                .replace("&#64;", "@")
                .replace("&#92;", "\\")
                .replace("&#x3D;", "=")
                .replace("&amp;", "&");
    }
}
