package dev.keelson.apiserver.custom.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Regular expressions of one schema, compiled when first used. The dialect is RE2, Kubernetes' own: matching takes time in
 * proportion to the text whatever the expression, so that no pattern can hold a request.
 */
final class Patterns {
    /** How deep groups may lie in one another (Go's {@code regexp/syntax}); reading them takes a stack as deep. */
    private static final int MOST_NESTED = 1000;

    private final Map<String, Pattern> compiled = new ConcurrentHashMap<>();

    /** Whether the pattern occurs in the text. */
    boolean found(String pattern, String text) {
        return compiled.computeIfAbsent(pattern, Pattern::compile).matcher(text).find();
    }

    /** What is wrong with a pattern, if anything. */
    static Optional<String> problem(String pattern) {
        if (nestsTooDeeply(pattern)) {
            return Optional.of("error parsing regexp: expression nests too deeply");
        }
        try {
            Pattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException bad) {
            return Optional.of(bad.getMessage());
        }
    }

    /** Parentheses that are not groups count too: a thousand of them in a class are no loss. */
    private static boolean nestsTooDeeply(String pattern) {
        int depth = 0;
        for (int i = 0; i < pattern.length() && depth <= MOST_NESTED; i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> depth = Math.max(0, depth - 1);
                default -> {}
            }
        }
        return depth > MOST_NESTED;
    }
}
