package dev.keelson.node.container;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/**
 * Expands {@code $(NAME)} as Kubernetes does in command, args and env: {@code $$} stands for one dollar, an unknown
 * name stays as it is written.
 */
public final class Expansion {
    private Expansion() {}

    public static String expand(String text, Map<String, String> values) {
        return expand(text, values::getOrDefault);
    }

    /** The names that {@code text} uses and {@code values} lacks. */
    public static Set<String> unknown(String text, Map<String, String> values) {
        Set<String> unknown = new TreeSet<>();
        expand(text, (name, written) -> {
            if (!values.containsKey(name)) {
                unknown.add(name);
            }
            return written;
        });
        return unknown;
    }

    private static String expand(String text, BinaryOperator<String> values) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                out.append(c);
                at++;
                continue;
            }
            at = dollar(text, at, values, out);
        }
        return out.toString();
    }

    /** Handles what follows a dollar that is not the last character; answers where to go on. */
    private static int dollar(String text, int at, BinaryOperator<String> values, StringBuilder out) {
        char next = text.charAt(at + 1);
        if (next == '$') {
            out.append('$');
            return at + 2;
        }
        int end = next == '(' ? text.indexOf(')', at + 2) : -1;
        if (end < 0) {
            out.append('$').append(next);
            return at + 2;
        }
        String name = text.substring(at + 2, end);
        out.append(values.apply(name, text.substring(at, end + 1)));
        return end + 1;
    }
}
