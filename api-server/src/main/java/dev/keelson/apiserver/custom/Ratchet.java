package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.JsonNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Forgives an update what was wrong before: a definition that became stricter must not keep anybody from changing the
 * other fields of its objects (Kubernetes' validation ratcheting). Pure.
 */
final class Ratchet {
    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[([^\\]]*)]");

    private Ratchet() {}

    static List<FieldError> forgive(List<FieldError> errors, ObjectNode updated, ObjectNode old) {
        return errors.stream()
                .filter(error -> !unchanged(steps(error.field()), updated, old))
                .toList();
    }

    private static boolean unchanged(List<String> steps, ObjectNode updated, ObjectNode old) {
        if (steps.isEmpty()) {
            return false;
        }
        JsonNode now = at(updated, steps);
        JsonNode before = at(old, steps);
        if (now.isMissingNode() && before.isMissingNode()) {
            // What is missing was missing before, if that is where it should have been.
            List<String> parent = steps.subList(0, steps.size() - 1);
            return !parent.isEmpty() && !at(old, parent).isMissingNode();
        }
        return !now.isMissingNode() && now.equals(JsonNumbers::compare, before);
    }

    private static JsonNode at(JsonNode root, List<String> steps) {
        JsonNode node = root;
        for (String step : steps) {
            boolean index = node.isArray() && step.matches("[0-9]{1,9}");
            node = index ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }

    /** The steps of a field's path; none when it is not one. */
    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int end = 0;
        while (step.find() && step.start() == end) {
            steps.add(step.group(1) == null ? step.group(2) : step.group(1));
            end = step.end();
        }
        return end == path.length() && !path.equals("<nil>") ? steps : List.of();
    }
}
