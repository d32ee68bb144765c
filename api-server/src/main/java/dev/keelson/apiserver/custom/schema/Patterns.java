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
    private final Map<String, Pattern> compiled = new ConcurrentHashMap<>();

    /** Whether the pattern occurs in the text. */
    boolean found(String pattern, String text) {
        return compiled.computeIfAbsent(pattern, Pattern::compile).matcher(text).find();
    }

    /** What is wrong with a pattern, if anything. */
    static Optional<String> problem(String pattern) {
        try {
            Pattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException bad) {
            return Optional.of("error parsing regexp: " + bad.getMessage());
        }
    }
}
