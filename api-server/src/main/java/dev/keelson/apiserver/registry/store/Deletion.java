package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a delete request comes to. */
sealed interface Deletion {

    /** The object goes now; the tree is the last state that watchers see. */
    record Remove(ObjectNode last) implements Deletion {}

    /** The object stays, marked, until a kubelet or the owners of its finalizers are done. */
    record Mark(ObjectNode marked) implements Deletion {}

    /** An earlier request already asked for as much. */
    record Pending() implements Deletion {}
}
