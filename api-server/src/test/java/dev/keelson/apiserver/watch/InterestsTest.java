package dev.keelson.apiserver.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribers are only told of what concerns them; none of that may be missing, whatever happens to the others. */
class InterestsTest {
    private static final List<String> NAMESPACES = List.of("", "a", "b", "none");
    private static final List<String> NAMES = List.of("", "x", "y", "none");
    private static final int STEPS = 3_000;

    private final MemoryStorage storage = new MemoryStorage();
    private final LiveWatchCache cache = new LiveWatchCache(
            storage,
            new WatchCacheConfig(4_000, Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofSeconds(5)),
            CacheMetrics.NONE);
    private final Map<ObjectKey, Stored> present = new HashMap<>();
    private final List<Stored> written = new ArrayList<>();

    private record Follower(
            String namespace, String name, Revision from, Collector collector, WatchCache.Subscription subscription) {}

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void everyFollowerHearsExactlyWhatConcernsIt() {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        Random random = new Random(seed);
        cache.start().toCompletableFuture().join();
        List<Follower> followers = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            write(random);
            if (step % 25 == 0) {
                followers.add(follow(random));
            }
            Follower one = followers.get(random.nextInt(followers.size()));
            if (random.nextInt(10) == 0) {
                one.subscription().pause();
            } else {
                one.subscription().resume();
            }
        }
        Revision end = written.getLast().revision();
        followers.forEach(follower -> follower.subscription().resume());
        for (Follower follower : followers) {
            List<Revision> expected = concerning(follower);
            if (!expected.isEmpty()) {
                follower.collector().awaitRevision(expected.getLast());
            }
            if (expected.isEmpty() || expected.getLast().compareTo(end) < 0) {
                follower.collector().awaitProgress(end);
            }
            assertThat(follower.collector().revisions())
                    .as("seed %d, %s", seed, follower)
                    .isEqualTo(expected);
        }
    }

    private void write(Random random) {
        ObjectKey key = new ObjectKey(
                "",
                "pods",
                NAMESPACES.get(1 + random.nextInt(2)),
                random.nextInt(3) == 0 ? "x" : "o" + random.nextInt(9));
        byte[] json = "{\"metadata\":{},\"n\":%d}".formatted(written.size()).getBytes(UTF_8);
        Stored before = present.remove(key);
        Write write = before == null
                ? new Write.Create(key, "uid", json)
                : random.nextInt(4) == 0
                        ? new Write.Delete(key, before.revision(), before.json())
                        : new Write.Update(key, before.revision(), json);
        Stored stored =
                storage.commit(List.of(write)).toCompletableFuture().join().getFirst();
        if (!(write instanceof Write.Delete)) {
            present.put(key, stored);
        }
        written.add(stored);
    }

    /** From now, or from some time ago. */
    private Follower follow(Random random) {
        String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
        String name = NAMES.get(random.nextInt(NAMES.size()));
        Revision from = written.get(random.nextInt(written.size())).revision();
        Collector collector = new Collector().about(name);
        return new Follower(namespace, name, from, collector, cache.subscribe("", "pods", namespace, from, collector));
    }

    private List<Revision> concerning(Follower follower) {
        return written.stream()
                .filter(stored -> stored.revision().compareTo(follower.from()) > 0)
                .filter(stored -> follower.namespace().isEmpty()
                        || follower.namespace().equals(stored.key().namespace()))
                .filter(stored -> follower.name().isEmpty()
                        || follower.name().equals(stored.key().name()))
                .map(Stored::revision)
                .toList();
    }
}
