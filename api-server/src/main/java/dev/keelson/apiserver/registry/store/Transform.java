package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How an update gets from the current state to the wanted one. May be called again when another write came first. */
public interface Transform {

    /**
     * The wanted state. A {@code metadata.resourceVersion} in it that differs from the current one makes the update a
     * conflict.
     *
     * @param current a copy that may be changed and returned
     */
    ObjectNode apply(ObjectNode current);
}
