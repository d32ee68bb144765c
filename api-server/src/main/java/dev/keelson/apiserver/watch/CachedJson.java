package dev.keelson.apiserver.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.ResourceVersion;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.Optional;

/** An object as its bytes; the tree is parsed when someone asks and shared for as long as someone holds it. */
final class CachedJson implements CachedObject {
    // Weak, not soft: a tree takes several times the room of its bytes, and soft references would let the heap grow to
    // its limit before the first one is dropped.
    private static final WeakReference<ObjectNode> NOT_PARSED = new WeakReference<>(null);

    private final ObjectKey key;
    private final String uid;
    private final Revision revision;
    private final byte[] json;
    private volatile WeakReference<ObjectNode> tree = NOT_PARSED;
    /** Where the labels are ({@link LabelBytes}); 0 until somebody asks. */
    private volatile long labels;
    /** {@link LabelBytes#bits} of the labels; written before {@link #labels}. */
    private int labelBits;

    CachedJson(Stored stored) {
        this.key = stored.key();
        this.uid = stored.uid();
        this.revision = stored.revision();
        this.json = ResourceVersion.splice(stored.json(), stored.revision());
    }

    @Override
    public ObjectKey key() {
        return key;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public byte[] json() {
        return json;
    }

    @Override
    public ObjectNode tree() {
        return Optional.ofNullable(tree.get()).orElseGet(this::parse);
    }

    @Override
    public Optional<String> label(LabelTest label) {
        long place = labels();
        if (place == LabelBytes.NONE) {
            return Optional.empty();
        }
        return place == LabelBytes.STRANGE
                ? CachedObject.super.label(label)
                : LabelBytes.value(json, place, label.utf8());
    }

    @Override
    public boolean has(LabelTest label) {
        long place = labels();
        if (place == LabelBytes.NONE) {
            return false;
        }
        return place == LabelBytes.STRANGE
                ? CachedObject.super.has(label)
                : label.mayBeAmong(labelBits) && LabelBytes.has(json, place, label);
    }

    private long labels() {
        long place = labels;
        if (place == 0) {
            place = findLabels();
            labelBits = place > 0 ? LabelBytes.bits(json, place) : 0;
            labels = place;
        }
        return place;
    }

    private long findLabels() {
        try {
            return LabelBytes.find(json);
        } catch (IOException e) {
            throw new UncheckedIOException("stored bytes of %s are not JSON".formatted(key), e);
        }
    }

    private ObjectNode parse() {
        try {
            ObjectNode parsed = (ObjectNode) StoredJson.MAPPER.readTree(json);
            tree = new WeakReference<>(parsed);
            return parsed;
        } catch (IOException e) {
            throw new UncheckedIOException("stored bytes of %s are not JSON".formatted(key), e);
        }
    }
}
