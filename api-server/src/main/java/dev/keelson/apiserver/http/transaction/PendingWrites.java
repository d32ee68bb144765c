package dev.keelson.apiserver.http.transaction;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException.Kind;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.storage.WriteRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A store that keeps commits back, so that the writes of several requests become one commit. It promises them nothing:
 * their preconditions are judged when all are committed. Used by one thread.
 */
final class PendingWrites implements Storage {
    private final Storage storage;
    private final List<Write> writes = new ArrayList<>();
    private final Set<ObjectKey> keys = new HashSet<>();

    PendingWrites(Storage storage) {
        this.storage = storage;
    }

    /** Everything so far, in the order in which it came. */
    List<Write> writes() {
        return List.copyOf(writes);
    }

    @Override
    public CompletionStage<List<Stored>> commit(List<Write> together, String author) {
        for (Write write : together) {
            // What chooses names by chance, such as a service's address, chooses again.
            if (keys.contains(write.key())) {
                return CompletableFuture.failedStage(WriteRules.refusal(Kind.CONFLICT, write.key()));
            }
        }
        Write main = together.getLast();
        return main instanceof Write.Create
                ? exists(main.key())
                        .thenCompose(taken -> taken
                                ? CompletableFuture.failedStage(WriteRules.refusal(Kind.ALREADY_EXISTS, main.key()))
                                : CompletableFuture.completedStage(keep(together)))
                : CompletableFuture.completedStage(keep(together));
    }

    private List<Stored> keep(List<Write> together) {
        writes.addAll(together);
        together.forEach(write -> keys.add(write.key()));
        return together.stream()
                .map(write -> new Stored(write.key(), "", Revision.NONE, WriteRules.json(write)))
                .toList();
    }

    private CompletionStage<Boolean> exists(ObjectKey key) {
        return storage.get(key).handle((found, missing) -> missing == null);
    }

    @Override
    public CompletionStage<Stored> get(ObjectKey key) {
        return storage.get(key);
    }

    @Override
    public CompletionStage<Revision> currentRevision() {
        return storage.currentRevision();
    }

    @Override
    public CompletionStage<Long> sizeInBytes() {
        return storage.sizeInBytes();
    }
}
