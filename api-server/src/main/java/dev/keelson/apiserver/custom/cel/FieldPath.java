package dev.keelson.apiserver.custom.cel;

import dev.keelson.apiserver.custom.schema.Structural;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code fieldPath} of a rule: {@code .spec.ports['http']}, from the value that the rule judges. */
final class FieldPath {
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\['((?:[^'\\\\]|\\\\.)*+)'\\]");

    private FieldPath() {}

    /** Whether it leads to a value that the schema knows. */
    static boolean leadsSomewhere(String path, Structural schema) {
        Matcher steps = STEP.matcher(path);
        Structural at = schema;
        int read = 0;
        while (steps.find() && steps.start() == read) {
            String name = steps.group(1) != null ? steps.group(1) : steps.group(2);
            Optional<Structural> below = at.hasProperties() ? at.property(name) : at.values();
            if (below.isEmpty()) {
                return false;
            }
            at = below.get();
            read = steps.end();
        }
        return read > 0 && read == path.length();
    }
}
