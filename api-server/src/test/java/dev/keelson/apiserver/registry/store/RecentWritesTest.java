package dev.keelson.apiserver.registry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
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
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentWritesTest {
    private static final ResourceDefinition CONFIG_MAPS =
            new ResourceRegistry(BuiltinKinds.list()).require("", "configmaps");
    private static final WriteOptions BY = WriteOptions.of(User.SERVER);

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

    /** Counts what the store asks its storage for. */
    private static final class Counted implements Storage {
        private final Storage storage;
        private int commits;
        private int reads;

        Counted(Storage storage) {
            this.storage = storage;
        }

        @Override
        public CompletionStage<List<Stored>> commit(List<Write> writes, String author) {
            commits++;
            return storage.commit(writes, author);
        }

        @Override
        public CompletionStage<Stored> get(ObjectKey key) {
            reads++;
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

    private final MemoryStorage memory = new MemoryStorage();
    private final Counted storage = new Counted(memory);
    private final LiveWatchCache cache = new LiveWatchCache(
            memory,
            new WatchCacheConfig(100_000, Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(1)),
            CacheMetrics.NONE);
    private final ObjectStore store = new ObjectStore(
            storage,
            new Reads(cache),
            EVERYTHING,
            request -> List.of(),
            new ManagedFields(new Schemas()),
            Clock.systemUTC(),
            new Random(1));

    /** Memory shows the object as it was at first, and hears of nothing more. */
    @BeforeEach
    void start() {
        store.create(CONFIG_MAPS, "default", tree("{\"metadata\":{\"name\":\"settings\"}}"), BY);
        Waiting.forResult(cache.start());
        memory.feed(Sequence.LOG).listen(DEAF);
        storage.commits = 0;
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    private CachedObject set(String value) {
        return store.update(
                CONFIG_MAPS,
                "default",
                "settings",
                current -> {
                    ObjectNode data = current.withObject("/data");
                    data.put("seen", data.path("last").asText()).put("last", value);
                    return current;
                },
                BY);
    }

    private static ObjectNode tree(String json) {
        return Trees.parse(json.getBytes(UTF_8));
    }

    @Test
    void whoChangesAgainBeforeMemoryShowsItIsNotRefused() {
        set("one");
        CachedObject second = set("two");

        assertThat(second.tree().at("/data/seen").asText()).isEqualTo("one");
        assertThat(storage.commits).isEqualTo(2);
        assertThat(storage.reads).isZero();
    }

    @Test
    void whatOthersHaveWrittenSinceIsFoundInTheDatabase() {
        CachedObject first = set("one");
        ObjectNode other = first.tree().deepCopy();
        other.withObject("/data").put("last", "other");
        Waiting.forResult(memory.commit(
                List.of(new Write.Update(first.key(), first.revision(), Trees.toStore(other))), "somebody"));

        assertThat(set("two").tree().at("/data/seen").asText()).isEqualTo("other");
        assertThat(storage.reads).isEqualTo(1);
    }

    @Test
    void whatIsDeletedIsNotFound() {
        set("one");
        store.delete(CONFIG_MAPS, "default", "settings", DeleteOptions.NONE, BY);

        assertThatThrownBy(() -> set("two"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("configmaps \"settings\" not found");
    }

    @Test
    void onlyTheLastOfOneObjectAndTheLastOfAllAreKept() {
        RecentWrites recent = new RecentWrites();
        for (int i = 1; i <= 300; i++) {
            recent.add(written("object-" + i % 290, i));
        }
        recent.add(written("object-5", 2));

        assertThat(recent.since(shown("object-5"))).map(Stored::revision).contains(new Revision(295));
        assertThat(recent.since(shown("object-289"))).isPresent();
        assertThat(recent.since(shown("object-30"))).isEmpty();
    }

    @Test
    void aLargeObjectIsNotKept() {
        RecentWrites recent = new RecentWrites();
        recent.add(written("large", 2));
        recent.add(new Stored(key("large"), "uid", new Revision(3), new byte[100_000]));

        assertThat(recent.since(shown("large"))).isEmpty();
    }

    private static Stored written(String name, long revision) {
        return new Stored(key(name), "uid", new Revision(revision), "{\"metadata\":{}}".getBytes(UTF_8));
    }

    private static CachedObject shown(String name) {
        return Trees.served(written(name, 1));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("", "configmaps", "default", name);
    }
}
