package dev.keelson.apiserver.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CacheComparisonTest {
    private static final ObjectKey KEY = new ObjectKey("", "configmaps", "ns", "settings");

    /** A store that answers with what a test says that it has. */
    private static final class Told implements StoredPages {
        private final List<Stored> page = new ArrayList<>();
        private final List<ObjectKey> asked = new ArrayList<>();
        private Optional<Stored> found = Optional.empty();

        @Override
        public CompletionStage<List<Stored>> page(Sequence sequence, Optional<ObjectKey> after, int limit) {
            return CompletableFuture.completedStage(List.copyOf(page));
        }

        @Override
        public CompletionStage<Optional<Stored>> find(ObjectKey key) {
            asked.add(key);
            return CompletableFuture.completedStage(found);
        }
    }

    private final MemoryStorage storage = new MemoryStorage();
    private final LiveWatchCache cache = new LiveWatchCache(storage, WatchCacheConfig.defaults(), CacheMetrics.NONE);
    private final Told store = new Told();
    private final CacheComparison comparison = new CacheComparison(Sequence.LOG, cache, store, CacheMetrics.NONE);
    private Stored first;
    private Stored second;

    @BeforeEach
    void writeTwice() {
        cache.start().toCompletableFuture().join();
        first = commit(new Write.Create(KEY, "uid", json(1)));
        second = commit(new Write.Update(KEY, first.revision(), json(2)));
        cache.await(second.revision()).toCompletableFuture().join();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private Stored commit(Write write) {
        return storage.commit(List.of(write)).toCompletableFuture().join().getFirst();
    }

    private static byte[] json(int number) {
        return ("{\"metadata\":{\"name\":\"settings\"},\"data\":{\"n\":\"" + number + "\"}}").getBytes(UTF_8);
    }

    private List<ObjectKey> different() {
        return comparison.next().toCompletableFuture().join();
    }

    @Test
    void whatHasChangedSinceThePageWasReadIsNotAskedForAgain() {
        store.page.add(first);

        assertThat(different()).isEmpty();
        assertThat(store.asked).isEmpty();
    }

    @Test
    void whatTheStoreHasInANewerStateIsAskedForUntilItIsSure() {
        Stored later = new Stored(KEY, "uid", new Revision(second.revision().value() + 1), json(3));
        store.page.add(later);
        store.found = Optional.of(later);

        assertThat(different()).containsExactly(KEY);
        assertThat(store.asked).hasSize(3);
    }

    @Test
    void otherBytesOfTheSameRevisionDiffer() {
        Stored other = new Stored(KEY, "uid", second.revision(), json(7));
        store.page.add(other);
        store.found = Optional.of(other);

        assertThat(different()).containsExactly(KEY);
    }

    @Test
    void whatTheStoreDoesNotHaveDiffers() {
        assertThat(different()).containsExactly(KEY);
    }
}
