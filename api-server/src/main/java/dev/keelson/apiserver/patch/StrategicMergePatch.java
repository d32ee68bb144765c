package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.FieldSchema;
import dev.keelson.apiserver.schema.FieldType;
import dev.keelson.apiserver.schema.ObjectSchema;
import dev.keelson.apiserver.schema.Schemas;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Kubernetes' strategic merge patch: like a merge patch, but lists merge by the keys that the type declares, and
 * directives ({@code $patch}, {@code $retainKeys}, {@code $setElementOrder/x}, {@code $deleteFromPrimitiveList/x}) say
 * what plain JSON cannot.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/">Patches</a>
 */
public final class StrategicMergePatch {
    static final String DIRECTIVE = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private final Schemas schemas;
    private final StrategicLists lists = new StrategicLists(this);

    public StrategicMergePatch(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * Returns the patched object; neither argument is changed.
     *
     * @throws PatchException unsupported when the object's kind has no declared type
     */
    public ObjectNode apply(ObjectNode target, JsonNode patch) {
        String apiVersion = target.path("apiVersion").asText();
        String kind = target.path("kind").asText();
        ObjectSchema schema = schemas.find(apiVersion, kind)
                .orElseThrow(() -> new PatchException(
                        PatchException.Kind.UNSUPPORTED,
                        "strategic merge patch is not defined for %s %s; send application/merge-patch+json"
                                .formatted(apiVersion, kind)));
        if (patch instanceof ObjectNode changes) {
            return merge(target.deepCopy(), changes, Optional.of(schema));
        }
        throw PatchException.malformed("a strategic merge patch must be a JSON object");
    }

    /** Merges into the target, which is the caller's own. */
    ObjectNode merge(ObjectNode target, ObjectNode patch, Optional<ObjectSchema> schema) {
        switch (patch.path(DIRECTIVE).asText("merge")) {
            case "merge" -> {
                // The usual case.
            }
            case "replace" -> {
                return withoutDirectives(patch);
            }
            case "delete" -> {
                return target.objectNode();
            }
            default -> throw unknownDirective(patch);
        }
        retainKeys(target, patch);
        for (String field : fieldsOf(patch)) {
            field(
                    target,
                    patch,
                    field,
                    schema.flatMap(type -> type.field(field)).orElse(FieldSchema.unknown(field)));
        }
        return target;
    }

    static PatchException unknownDirective(JsonNode patch) {
        return PatchException.malformed(
                "unknown patch directive $patch: %s; use merge, replace or delete".formatted(patch.path(DIRECTIVE)));
    }

    private static void retainKeys(ObjectNode target, ObjectNode patch) {
        JsonNode keep = patch.path(RETAIN_KEYS);
        if (keep.isMissingNode()) {
            return;
        }
        if (!keep.isArray()) {
            throw PatchException.malformed("$retainKeys must be a list of field names");
        }
        List<String> names = keep.valueStream().map(JsonNode::asText).toList();
        for (String field : fieldsOf(patch)) {
            if (!patch.path(field).isNull() && !names.contains(field)) {
                throw PatchException.malformed(
                        "$retainKeys %s does not list the field \"%s\" of the patch".formatted(keep, field));
            }
        }
        target.retain(names);
    }

    /** The fields that a patch is about, those that only directives mention included. */
    private static Set<String> fieldsOf(ObjectNode patch) {
        Set<String> fields = new TreeSet<>();
        patch.fieldNames().forEachRemaining(name -> {
            if (name.startsWith(ORDER) || name.startsWith(DELETE_FROM)) {
                fields.add(name.substring(name.indexOf('/') + 1));
            } else if (!name.equals(DIRECTIVE) && !name.equals(RETAIN_KEYS)) {
                fields.add(name);
            }
        });
        return fields;
    }

    private void field(ObjectNode target, ObjectNode patch, String name, FieldSchema field) {
        JsonNode order = patch.path(ORDER + name);
        JsonNode deletions = patch.path(DELETE_FROM + name);
        if (patch.has(name) && patch.get(name).isNull()) {
            target.remove(name);
            return;
        }
        if (!order.isMissingNode()
                || !deletions.isMissingNode()
                || patch.path(name).isArray()) {
            list(target, patch, name, field);
            return;
        }
        JsonNode change = patch.path(name);
        if (change instanceof ObjectNode nested) {
            ObjectNode current = target.get(name) instanceof ObjectNode object ? object : target.objectNode();
            target.set(name, merge(current, nested, objectOf(field.type())));
        } else {
            target.set(name, change.deepCopy());
        }
    }

    private void list(ObjectNode target, ObjectNode patch, String name, FieldSchema field) {
        JsonNode before = target.path(name);
        JsonNode change = patch.path(name);
        if (!field.mergesInPatches()) {
            if (!change.isMissingNode()) {
                target.set(name, change.deepCopy());
            }
            return;
        }
        if (!change.isMissingNode() && !change.isArray()) {
            throw PatchException.malformed("the field \"%s\" of the patch must be a list".formatted(name));
        }
        ArrayNode current = before instanceof ArrayNode array ? array : target.arrayNode();
        StrategicLists.Change described =
                new StrategicLists.Change(name, change, asList(patch, DELETE_FROM + name), asList(patch, ORDER + name));
        ArrayNode merged = field.patchMergeKey().isEmpty()
                ? lists.mergeScalars(current, described)
                : lists.mergeObjects(current, described, field.patchMergeKey(), objectOf(elementOf(field.type())));
        if (before.isArray() || !merged.isEmpty()) {
            target.set(name, merged);
        }
    }

    private static List<JsonNode> asList(ObjectNode patch, String directive) {
        JsonNode value = patch.path(directive);
        if (!value.isMissingNode() && !value.isArray()) {
            throw PatchException.malformed(directive + " must be a list");
        }
        return value.valueStream().toList();
    }

    private Optional<ObjectSchema> objectOf(FieldType type) {
        return type instanceof FieldType.ObjectOf object ? schemas.definition(object.definition()) : Optional.empty();
    }

    private static FieldType elementOf(FieldType type) {
        return type instanceof FieldType.ListOf list ? list.element() : FieldType.Scalar.ANY;
    }

    static ObjectNode withoutDirectives(ObjectNode patch) {
        ObjectNode plain = patch.deepCopy();
        plain.remove(List.of(DIRECTIVE, RETAIN_KEYS));
        return plain;
    }
}
