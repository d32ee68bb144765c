package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * JSON Patch: operations one after another, all or none. Bounded, because {@code copy} could double a document with
 * every operation.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</a>
 */
public final class JsonPatch {
    private static final int MAX_OPERATIONS = 10_000;
    private static final int MAX_COPIED_CHARACTERS = 3 * 1024 * 1024;

    private JsonNode document;
    private long copied;

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    /**
     * Returns the patched object; neither argument is changed.
     *
     * @throws PatchException malformed for what is no list of operations, unprocessable for one that cannot be done
     */
    public static ObjectNode apply(ObjectNode target, JsonNode patch) {
        checkDecodes(patch);
        if (patch.size() > MAX_OPERATIONS) {
            throw new PatchException(
                    PatchException.Kind.TOO_LARGE,
                    "Request entity too large: The allowed maximum operations in a JSON patch is %d, got %d"
                            .formatted(MAX_OPERATIONS, patch.size()));
        }
        JsonPatch run = new JsonPatch(target.deepCopy());
        for (int i = 0; i < patch.size(); i++) {
            run.operation(patch.get(i), i);
        }
        if (run.document instanceof ObjectNode object) {
            return object;
        }
        throw PatchException.unprocessable("the JSON patch leaves no object");
    }

    /** What does not even fit Go's {@code []jsonPatchOp} is no JSON patch; the words are those of its decoder. */
    private static void checkDecodes(JsonNode patch) {
        if (!patch.isArray()) {
            throw notDecoded(patch, "value of type []handlers.jsonPatchOp");
        }
        for (JsonNode operation : patch) {
            if (!operation.isObject()) {
                throw notDecoded(operation, "value of type handlers.jsonPatchOp");
            }
            for (String field : List.of("op", "path", "from")) {
                JsonNode text = operation.path(field);
                if (!text.isMissingNode() && !text.isNull() && !text.isTextual()) {
                    throw notDecoded(text, "struct field jsonPatchOp." + field + " of type string");
                }
            }
        }
    }

    private static PatchException notDecoded(JsonNode found, String wanted) {
        String type = found.isBoolean() ? "bool" : found.getNodeType().name().toLowerCase(Locale.ROOT);
        return PatchException.malformed("error decoding patch: json: cannot unmarshal " + type + " into Go " + wanted);
    }

    private void operation(JsonNode operation, int index) {
        if (!operation.path("path").isTextual()) {
            throw PatchException.unprocessable("operation %d of the JSON patch has no path".formatted(index));
        }
        Pointer path = Pointer.parse(operation.path("path").textValue());
        switch (operation.path("op").asText()) {
            case "add" -> add(path, value(operation, index).deepCopy());
            case "remove" -> remove(path, "remove");
            case "replace" -> replace(path, value(operation, index).deepCopy());
            case "move" -> move(from(operation, index), path);
            case "copy" -> copy(from(operation, index), path);
            case "test" -> test(path, value(operation, index));
            default ->
                throw PatchException.unprocessable(
                        "operation %d of the JSON patch has the unknown op %s: use add, remove, replace, move, copy or test"
                                .formatted(index, operation.path("op")));
        }
    }

    private static JsonNode value(JsonNode operation, int index) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw PatchException.unprocessable("operation %d of the JSON patch has no value".formatted(index));
        }
        return value;
    }

    private static Pointer from(JsonNode operation, int index) {
        if (!operation.path("from").isTextual()) {
            throw PatchException.unprocessable("operation %d of the JSON patch has no from".formatted(index));
        }
        return Pointer.parse(operation.path("from").textValue());
    }

    private void add(Pointer path, JsonNode value) {
        if (path.isRoot()) {
            document = value;
            return;
        }
        switch (path.findParent(document).orElseThrow(() -> missing("add", path))) {
            case ObjectNode object -> object.set(path.last(), value);
            case ArrayNode array -> {
                int index = path.last().equals("-") ? array.size() : Pointer.index(path.last());
                if (index < 0 || index > array.size()) {
                    throw PatchException.unprocessable(
                            "add operation: %s is outside of the array, which has %d elements"
                                    .formatted(path.text(), array.size()));
                }
                array.insert(index, value);
            }
            default -> throw missing("add", path);
        }
    }

    private JsonNode remove(Pointer path, String operation) {
        JsonNode value = path.find(document).orElseThrow(() -> missing(operation, path));
        if (path.isRoot()) {
            throw PatchException.unprocessable(operation + " operation: the whole object cannot be removed");
        }
        switch (path.findParent(document).orElseThrow(() -> missing(operation, path))) {
            case ObjectNode object -> object.remove(path.last());
            case ArrayNode array -> array.remove(Pointer.index(path.last()));
            default -> throw missing(operation, path);
        }
        return value;
    }

    private void replace(Pointer path, JsonNode value) {
        if (path.isRoot()) {
            document = value;
            return;
        }
        JsonNode parent = path.findParent(document).orElseThrow(() -> missing("replace", path));
        path.find(document).orElseThrow(() -> missing("replace", path));
        if (parent instanceof ArrayNode array) {
            array.set(Pointer.index(path.last()), value);
        } else if (parent instanceof ObjectNode object) {
            object.set(path.last(), value);
        }
    }

    private void move(Pointer from, Pointer path) {
        if (from.contains(path)) {
            throw PatchException.unprocessable("move operation: %s cannot move into itself".formatted(from.text()));
        }
        if (!from.equals(path)) {
            add(path, remove(from, "move"));
        }
    }

    private void copy(Pointer from, Pointer path) {
        JsonNode value = from.find(document).orElseThrow(() -> missing("copy", from));
        copied += value.toString().length();
        if (copied > MAX_COPIED_CHARACTERS) {
            throw PatchException.unprocessable("the JSON patch copies more than 3 MiB");
        }
        add(path, value.deepCopy());
    }

    private void test(Pointer path, JsonNode expected) {
        JsonNode actual = path.find(document)
                .orElseThrow(() -> PatchException.unprocessable(
                        "testing path %s failed: there is no such value".formatted(path.text())));
        if (!JsonEquality.same(actual, expected)) {
            throw PatchException.unprocessable(
                    "testing value %s failed: it is %s".formatted(path.text(), abbreviate(actual.toString())));
        }
    }

    private static String abbreviate(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private static PatchException missing(String operation, Pointer path) {
        return PatchException.unprocessable(
                "%s operation does not apply: doc is missing path: %s".formatted(operation, path.text()));
    }
}
