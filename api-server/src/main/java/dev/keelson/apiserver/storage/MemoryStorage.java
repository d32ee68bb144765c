package dev.keelson.apiserver.storage;

import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.StorageException.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The fake beside the seam: everything in memory, same contract as PostgreSQL, nothing survives the process. */
public final class MemoryStorage implements Storage, ChangeSource, History {
    private final Map<Sequence, MemoryLog> logs = new EnumMap<>(Sequence.class);

    public MemoryStorage() {
        Arrays.stream(Sequence.values()).forEach(sequence -> logs.put(sequence, new MemoryLog()));
    }

    @Override
    public CompletionStage<List<Stored>> commit(List<Write> writes, String author) {
        try {
            return CompletableFuture.completedStage(
                    logs.get(WriteRules.sequenceOf(writes)).commit(writes, author));
        } catch (StorageException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    @Override
    public CompletionStage<Stored> get(ObjectKey key) {
        return logs.get(Sequence.of(key))
                .find(key)
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> CompletableFuture.failedStage(WriteRules.refusal(Kind.NOT_FOUND, key)));
    }

    @Override
    public CompletionStage<Revision> currentRevision() {
        return feed(Sequence.LOG).current();
    }

    @Override
    public CompletionStage<Long> sizeInBytes() {
        return CompletableFuture.completedStage(
                logs.values().stream().mapToLong(MemoryLog::sizeInBytes).sum());
    }

    @Override
    public ChangeFeed feed(Sequence sequence) {
        return logs.get(sequence);
    }

    @Override
    public CompletionStage<Revision> revisionAt(Instant moment) {
        return logs.get(Sequence.LOG).past().revisionAt(moment);
    }

    @Override
    public CompletionStage<List<Stored>> objects(Scope scope, String namespace, String name, Revision revision) {
        return logs.get(Sequence.LOG).past().objects(scope, namespace, name, revision);
    }

    @Override
    public CompletionStage<List<PastChange>> changes(ObjectKey key, Revision before, int limit) {
        return logs.get(Sequence.LOG).past().changes(key, before, limit);
    }

    /** Forgets history up to a revision, as retention does; reading from before it then fails with EXPIRED. */
    public void forgetHistory(Sequence sequence, Revision upTo) {
        logs.get(sequence).forget(upTo);
    }
}
