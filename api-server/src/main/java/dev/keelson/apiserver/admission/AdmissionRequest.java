package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.Optional;

/**
 * A write on its way to storage (admission.k8s.io/v1 AdmissionRequest).
 *
 * @param subresource part of the path below the object, empty for the object itself
 * @param object the new state, which mutation may change; for a delete the state that goes
 * @param old the state before; empty on create
 */
public record AdmissionRequest(
        Operation operation,
        ResourceDefinition kind,
        String subresource,
        String namespace,
        String name,
        ObjectNode object,
        Optional<ObjectNode> old,
        User user,
        boolean dryRun) {

    public enum Operation {
        CREATE,
        UPDATE,
        DELETE
    }

    /** Whether the request is about an object of this core kind itself. */
    public boolean concernsCore(String plural) {
        return concerns("", plural);
    }

    /** Whether the request is about an object of this kind itself, not a part of it. */
    public boolean concerns(String group, String plural) {
        return subresource.isEmpty()
                && kind.group().equals(group)
                && kind.plural().equals(plural);
    }
}
