package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.schema.CustomSchema;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.ArrayList;
import java.util.List;

/** Between objects as they are stored and as one version shows them: converted, and with defaults that came later. */
record StoredForm(CustomVersion version) {

    /** An object in another form than the stored one. */
    private record Shown(ObjectKey key, String uid, Revision revision, byte[] json, ObjectNode tree)
            implements CachedObject {}

    List<CachedObject> served(List<CachedObject> stored) {
        if (stored.isEmpty() || version.storedAsServed() && !version.schema().hasDefaults()) {
            return stored;
        }
        CustomSchema schema = version.schema().get();
        List<CachedObject> shown = new ArrayList<>(stored);
        List<Integer> foreign = new ArrayList<>();
        List<ObjectNode> toConvert = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            ObjectNode tree = stored.get(i).tree();
            if (Tree.text(tree, "apiVersion").equals(version.apiVersion())) {
                shown.set(i, completed(stored.get(i), schema));
            } else {
                foreign.add(i);
                toConvert.add(tree.deepCopy());
            }
        }
        if (!toConvert.isEmpty()) {
            List<ObjectNode> converted = version.converter().convert(toConvert, version.apiVersion());
            for (int i = 0; i < converted.size(); i++) {
                CachedObject original = stored.get(foreign.get(i));
                shown.set(foreign.get(i), shown(original, converted.get(i), schema));
            }
        }
        return shown;
    }

    private static CachedObject completed(CachedObject stored, CustomSchema schema) {
        ObjectNode tree = stored.tree().deepCopy();
        schema.complete(tree);
        return tree.equals(JsonNumbers::compare, stored.tree()) ? stored : shown(stored, tree);
    }

    private static CachedObject shown(CachedObject stored, ObjectNode converted, CustomSchema schema) {
        schema.prune(converted);
        schema.complete(converted);
        Meta.setResourceVersion(converted, stored.revision());
        return shown(stored, converted);
    }

    private static CachedObject shown(CachedObject stored, ObjectNode tree) {
        return new Shown(stored.key(), stored.uid(), stored.revision(), Trees.bytes(tree), tree);
    }

    /** The object in the storage version; the argument is not changed. */
    ObjectNode toStorage(ObjectNode object) {
        if (version.version().equals(version.storageVersion())) {
            return object;
        }
        ObjectNode converted = version.converter()
                .convert(List.of(object.deepCopy()), version.storageApiVersion())
                .getFirst();
        CustomSchema schema = version.storageSchema().get();
        schema.prune(converted);
        schema.complete(converted);
        return converted;
    }
}
