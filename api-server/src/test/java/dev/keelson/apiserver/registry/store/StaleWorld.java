package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A store whose memory shows the objects as they were when it started, and hears of nothing more. Admission lets pass everything. */
public final class StaleWorld implements AutoCloseable {
    private static final Admission EVERYTHING = new Admission() {
        @Override
        public void mutate(AdmissionRequest request) {
            // As it came.
        }

        @Override
        public void validate(AdmissionRequest request) {
            // Whatever it is.
        }
    };

    private static final ChangeFeed.Listener DEAF = new ChangeFeed.Listener() {
        @Override
        public void committed(List<Change> changes) {
            // Memory stays behind.
        }

        @Override
        public void wake() {
            // For good.
        }
    };

    /** Counts what the store asks its storage for, and lets somebody be quicker. */
    private final class Counted implements Storage {
        @Override
        public CompletionStage<List<Stored>> commit(List<Write> writes, String author) {
            commits++;
            rival.run();
            return memory.commit(writes, author);
        }

        @Override
        public CompletionStage<Stored> get(ObjectKey key) {
            reads++;
            return memory.get(key);
        }

        @Override
        public CompletionStage<Revision> currentRevision() {
            return memory.currentRevision();
        }

        @Override
        public CompletionStage<Long> sizeInBytes() {
            return memory.sizeInBytes();
        }
    }

    private final MemoryStorage memory = new MemoryStorage();
    private final LiveWatchCache cache = new LiveWatchCache(
            memory,
            new WatchCacheConfig(100_000, Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(1)),
            CacheMetrics.NONE);
    private final ObjectStore store = new ObjectStore(
            new Counted(),
            new Reads(cache),
            EVERYTHING,
            request -> List.of(),
            new ManagedFields(new Schemas()),
            Clock.systemUTC(),
            new Random(1));
    private Runnable rival = () -> {};
    private int commits;
    private int reads;

    public ObjectStore store() {
        return store;
    }

    public void start() {
        Waiting.forResult(cache.start());
        memory.feed(Sequence.LOG).listen(DEAF);
        commits = 0;
        reads = 0;
    }

    public int commits() {
        return commits;
    }

    int reads() {
        return reads;
    }

    /** Does something just before each commit of the store. */
    void beforeEachCommit(Runnable action) {
        rival = action;
    }

    /** What the database holds. */
    public Stored stored(ObjectKey key) {
        return Waiting.forResult(memory.get(key));
    }

    /** A write that this store learns of only by asking. */
    void changeBySomebody(ObjectKey key, Consumer<ObjectNode> change) {
        Stored now = stored(key);
        ObjectNode changed = Trees.served(now).tree().deepCopy();
        change.accept(changed);
        bySomebody(new Write.Update(key, now.revision(), Trees.toStore(changed)));
    }

    void deleteBySomebody(ObjectKey key) {
        Stored now = stored(key);
        bySomebody(new Write.Delete(key, now.revision(), now.json()));
    }

    private void bySomebody(Write write) {
        Waiting.forResult(memory.commit(List.of(write), "somebody"));
    }

    @Override
    public void close() {
        cache.close();
    }
}
