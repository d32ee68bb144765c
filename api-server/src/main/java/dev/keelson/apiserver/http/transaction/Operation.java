package dev.keelson.apiserver.http.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.storage.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of a transaction: what happens to which object.
 *
 * @param field where it stands, for refusals
 * @param object as it was sent
 */
record Operation(String field, Verb verb, ResourceDefinition kind, ObjectNode object) {
    private static final int MOST = 100;

    enum Verb {
        CREATE,
        UPDATE,
        APPLY,
        DELETE;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    String namespace() {
        return kind.namespaced() ? object.path("metadata").path("namespace").asText("") : "";
    }

    String name() {
        return Meta.name(object);
    }

    /** Reads {@code spec.operations}; what is wrong is refused with its place. */
    static List<Operation> parse(ObjectNode transaction, ResourceRegistry registry) {
        JsonNode list = transaction.path("spec").path("operations");
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            throw ApiFailure.badRequest(
                    "spec.operations: a list of 1 to %d operations is expected, each {create|update|apply|delete: OBJECT}"
                            .formatted(MOST));
        }
        List<Operation> operations = new ArrayList<>();
        Map<String, String> places = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            Operation operation = parseOne("spec.operations[%d]".formatted(i), list.get(i), registry);
            String place = "%s/%s/%s/%s"
                    .formatted(
                            operation.kind.storageGroup(),
                            operation.kind.plural(),
                            operation.namespace(),
                            operation.name());
            String other = operation.name().isEmpty() ? null : places.putIfAbsent(place, operation.field);
            if (other != null) {
                throw ApiFailure.badRequest("%s: names the same object as %s; a transaction writes an object once"
                        .formatted(operation.field, other));
            }
            operations.add(operation);
        }
        return List.copyOf(operations);
    }

    private static Operation parseOne(String field, JsonNode node, ResourceRegistry registry) {
        for (Verb verb : Verb.values()) {
            if (node.size() == 1 && node.path(verb.word()) instanceof ObjectNode object) {
                String at = field + "." + verb.word();
                ResourceDefinition kind = kind(at, object, registry);
                Operation operation = new Operation(at, verb, kind, object);
                operation.check();
                return operation;
            }
        }
        throw ApiFailure.badRequest(
                field + ": exactly one of create, update, apply and delete is expected, with an object in it");
    }

    private static ResourceDefinition kind(String at, ObjectNode object, ResourceRegistry registry) {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        return registry.findKind(apiVersion, kind)
                .orElseThrow(() -> ApiFailure.badRequest(
                        "%s: no kind \"%s\" is served in version \"%s\"; see /apis".formatted(at, kind, apiVersion)));
    }

    private void check() {
        if (kind.namespaced() && namespace().isEmpty()) {
            throw ApiFailure.badRequest(field + ".metadata.namespace: Required value: a " + kind.kind() + " has one");
        }
        if (verb != Verb.CREATE && name().isEmpty()) {
            throw ApiFailure.badRequest(field + ".metadata.name: Required value");
        }
        if (Sequence.of(kind.group(), kind.plural()) == Sequence.HEARTBEAT) {
            throw ApiFailure.badRequest(
                    field + ": a " + kind.kind() + " is a heartbeat and cannot be part of a transaction");
        }
    }
}
