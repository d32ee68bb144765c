package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON Pointer (RFC 6901). The empty list of steps is the whole document. */
record Pointer(String text, List<String> steps) {
    private static final int MAX_STEPS = 128;

    static Pointer parse(String text) {
        if (text.isEmpty()) {
            return new Pointer(text, List.of());
        }
        if (!text.startsWith("/")) {
            throw PatchException.malformed("the JSON pointer \"%s\" must begin with '/'".formatted(text));
        }
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        if (steps.size() > MAX_STEPS) {
            throw PatchException.malformed("a JSON pointer has more than %d steps".formatted(MAX_STEPS));
        }
        return new Pointer(text, List.copyOf(steps));
    }

    boolean isRoot() {
        return steps.isEmpty();
    }

    String last() {
        return steps.getLast();
    }

    /** The value that is pointed to. */
    Optional<JsonNode> find(JsonNode root) {
        return find(root, steps);
    }

    /** The container of the value that is pointed to, whether that exists or not. */
    Optional<JsonNode> findParent(JsonNode root) {
        return find(root, steps.subList(0, steps.size() - 1));
    }

    /** Whether the other is a place inside of this one. */
    boolean contains(Pointer other) {
        return other.steps.size() > steps.size()
                && other.steps.subList(0, steps.size()).equals(steps);
    }

    private static Optional<JsonNode> find(JsonNode root, List<String> steps) {
        JsonNode value = root;
        for (String step : steps) {
            JsonNode next =
                    switch (value) {
                        case ObjectNode object -> object.get(step);
                        case ArrayNode array -> array.get(index(step));
                        default -> null;
                    };
            if (next == null) {
                return Optional.empty();
            }
            value = next;
        }
        return Optional.of(value);
    }

    /** The array index that a step is; negative when it is none. */
    static int index(String step) {
        return step.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(step) : -1;
    }
}
