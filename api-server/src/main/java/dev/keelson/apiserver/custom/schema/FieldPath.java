package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;

/**
 * A path from a place of a schema to a part below it, such as {@code .spec.ports['http']} (apiextensions'
 * {@code ValidFieldPath}).
 */
public sealed interface FieldPath {

    /**
     * A path that leads to a part.
     *
     * @param shown the path as field errors show it
     * @param first the first name on it
     */
    record Found(String shown, String first, Structural schema) implements FieldPath {}

    /** A path that leads nowhere, and why. */
    record Wrong(String why) implements FieldPath {}

    /** @param brackets whether {@code ['name']} is allowed */
    static FieldPath find(String path, Structural schema, boolean brackets) {
        return new Reader(path, brackets).read(schema);
    }

    /** The path as field errors show it; nothing when it leads nowhere. */
    static Optional<String> shown(String path, Structural schema) {
        return find(path, schema, true) instanceof Found found ? Optional.of(found.shown()) : Optional.empty();
    }

    /** Reads a path token by token. */
    final class Reader {
        private static final String DELIMITERS = ".[]";
        private static final String ESCAPES = "abfnrtv'\\";
        private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b'\\";

        private final String text;
        private final boolean brackets;
        private final StringBuilder shown = new StringBuilder();
        private String first = "";
        private Structural schema = new Structural(MissingNode.getInstance());
        private int at;

        Reader(String text, boolean brackets) {
            this.text = text;
            this.brackets = brackets;
        }

        FieldPath read(Structural root) {
            schema = root;
            while (at < text.length()) {
                Optional<String> problem = step();
                if (problem.isPresent()) {
                    return new Wrong(problem.get());
                }
            }
            return new Found(shown.toString(), first, schema);
        }

        /** Goes one part further down; answers why it cannot. */
        private Optional<String> step() {
            String delimiter = token();
            if (!delimiter.equals(".") && !delimiter.equals("[")) {
                return Optional.of("expected [ or . but got: " + delimiter);
            }
            if (delimiter.equals("[") && !brackets) {
                return Optional.of("array notation is not allowed");
            }
            if (at == text.length()) {
                return Optional.of("unexpected end of JSON path");
            }
            return delimiter.equals(".") ? down(token()) : bracketed(token());
        }

        private Optional<String> bracketed(String name) {
            boolean quoted = name.length() > 1 && name.startsWith("'") && name.endsWith("'");
            if (!quoted) {
                return Optional.of("expected single quoted string but got " + name);
            }
            Optional<String> plain = unescaped(name.substring(1, name.length() - 1));
            if (plain.isEmpty()) {
                return Optional.of("invalid string literal: invalid escape char in " + name);
            }
            return down(plain.get()).or(this::closing);
        }

        private Optional<String> closing() {
            if (at == text.length()) {
                return Optional.of("unexpected end of JSON path");
            }
            String closing = token();
            return closing.equals("]") ? Optional.empty() : Optional.of("expected ] but got " + closing);
        }

        private Optional<String> down(String name) {
            boolean named = schema.hasProperties();
            Optional<Structural> below = named ? schema.property(name) : schema.values();
            if (below.isEmpty()) {
                return Optional.of("does not refer to a valid field");
            }
            schema = below.get();
            first = shown.isEmpty() ? name : first;
            shown.append(named ? (shown.isEmpty() ? "" : ".") + name : "[" + name + "]");
            return Optional.empty();
        }

        /** A delimiter, a quoted text, or what stands between two delimiters. */
        private String token() {
            int start = at;
            if (text.charAt(at) == '\'') {
                at++;
                while (at < text.length() && (text.charAt(at) != '\'' || text.charAt(at - 1) == '\\')) {
                    at++;
                }
                at = Math.min(at + 1, text.length());
            } else if (isDelimiter()) {
                at++;
            } else {
                while (at < text.length() && !isDelimiter()) {
                    at++;
                }
            }
            return text.substring(start, at);
        }

        private boolean isDelimiter() {
            return DELIMITERS.indexOf(text.charAt(at)) >= 0;
        }

        private static Optional<String> unescaped(String quoted) {
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < quoted.length(); i++) {
                char c = quoted.charAt(i);
                if (c == '\\' && i + 1 < quoted.length()) {
                    int known = ESCAPES.indexOf(quoted.charAt(++i));
                    if (known < 0) {
                        return Optional.empty();
                    }
                    c = ESCAPED.charAt(known);
                }
                plain.append(c);
            }
            return Optional.of(plain.toString());
        }
    }
}
