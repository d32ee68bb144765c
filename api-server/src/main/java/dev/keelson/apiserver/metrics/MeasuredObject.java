package dev.keelson.apiserver.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;

/** An object that was worked out: it has neither a uid nor a revision. */
record MeasuredObject(ObjectKey key, ObjectNode tree, byte[] json) implements CachedObject {

    static CachedObject of(ResourceDefinition kind, String namespace, ObjectNode tree) {
        return new MeasuredObject(Reads.key(kind, namespace, Meta.name(tree)), tree, Trees.bytes(tree));
    }

    @Override
    public String uid() {
        return "";
    }

    @Override
    public Revision revision() {
        return Revision.NONE;
    }
}
