package dev.keelson.apiserver.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchCacheTest {
    private static final WatchCacheConfig SMALL_WINDOW =
            new WatchCacheConfig(2_000, Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(300));

    private static final ChangeFeed.Listener DEAF = new ChangeFeed.Listener() {
        @Override
        public void committed(List<Change> changes) {
            // As if this had been committed while the server was away.
        }

        @Override
        public void wake() {
            // No notification comes either.
        }
    };

    private final MemoryStorage storage = new MemoryStorage();
    private final LiveWatchCache cache = new LiveWatchCache(storage, SMALL_WINDOW, CacheMetrics.NONE);

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void whatWasStoredBeforeTheStartIsListedInOrderOfNamespaceAndName() {
        create("b", "2");
        create("a", "9");
        Stored last = create("b", "1");
        start();

        WatchCache.Snapshot all = cache.list("", "pods", "");

        assertThat(all.revision()).isEqualTo(last.revision());
        assertThat(all.objects())
                .extracting(
                        object -> object.key().namespace() + "/" + object.key().name())
                .containsExactly("a/9", "b/1", "b/2");
        assertThat(cache.list("", "pods", "b").objects()).hasSize(2);
        assertThat(cache.list("", "none", "").objects()).isEmpty();
    }

    @Test
    void objectsCarryTheirRevisionOnTheWire() {
        start();
        Stored created = create("ns", "a");
        cache.await(created.revision()).toCompletableFuture().join();

        CachedObject object = cache.get(created.key()).orElseThrow();

        assertThat(object.tree().at("/metadata/resourceVersion").asText())
                .isEqualTo(created.revision().toString());
    }

    @Test
    void aListedSnapshotDoesNotChange() {
        start();
        Stored a = create("ns", "a");
        cache.await(a.revision()).toCompletableFuture().join();
        WatchCache.Snapshot before = cache.list("", "pods", "");

        Stored b = update(a);
        cache.await(b.revision()).toCompletableFuture().join();

        assertThat(before.objects().getFirst().revision()).isEqualTo(a.revision());
        assertThat(cache.list("", "pods", "").objects().getFirst().revision()).isEqualTo(b.revision());
    }

    @Test
    void subscriberSeesEveryEventOfItsResourceAndNamespaceOnce() {
        start();
        Collector all = new Collector();
        Collector one = new Collector();
        Revision from = cache.revision();
        cache.subscribe("", "pods", "", from, all);
        cache.subscribe("", "pods", "n2", from, one);

        Stored a = create("n1", "a");
        Stored b = create("n2", "b");
        Stored a2 = update(a);
        storage.commit(List.of(new Write.Create(new ObjectKey("", "nodes", "", "n"), "u", json("n"))));
        Stored gone = delete(b);

        all.awaitRevision(gone.revision());
        one.awaitRevision(gone.revision());
        assertThat(all.revisions()).containsExactly(a.revision(), b.revision(), a2.revision(), gone.revision());
        assertThat(one.types()).containsExactly(WatchEvent.Type.ADDED, WatchEvent.Type.DELETED);
        assertThat(all.events().get(2).previous().orElseThrow().revision()).isEqualTo(a.revision());
        assertThat(all.events()
                        .getLast()
                        .object()
                        .tree()
                        .at("/metadata/resourceVersion")
                        .asText())
                .isEqualTo(gone.revision().toString());
    }

    @Test
    void aBurstOfEventsIsDeliveredInFewPieces() {
        start();
        Collector all = new Collector();
        cache.subscribe("", "pods", "", cache.revision(), all);
        long begin = System.nanoTime();

        Stored last = create("ns", "a");
        for (int i = 0; i < 6; i++) {
            last = update(last);
        }

        all.awaitRevision(last.revision());
        assertThat(all.events()).hasSize(7);
        // One at once, and one more each time that two milliseconds are over; so few fit into the window.
        assertThat(all.deliveries()).isLessThanOrEqualTo(2 + (System.nanoTime() - begin) / 2_000_000);
    }

    @Test
    void pausedSubscriberContinuesFromTheLogAfterTheWindowHasMovedOn() {
        start();
        Collector collector = new Collector();
        WatchCache.Subscription subscription = cache.subscribe("", "pods", "", cache.revision(), collector);
        Stored first = create("ns", "a");
        collector.awaitRevision(first.revision());
        subscription.pause();

        Stored last = first;
        for (int i = 0; i < 600; i++) {
            last = update(last);
        }
        cache.await(last.revision()).toCompletableFuture().join();
        int whilePaused = collector.events().size();
        subscription.resume();

        collector.awaitRevision(last.revision());
        assertThat(whilePaused).isLessThanOrEqualTo(257);
        assertThat(collector.events()).hasSize(601);
        assertThat(collector.revisions()).isSorted().doesNotHaveDuplicates();
        assertThat(collector.events().get(300).previous()).isPresent();
    }

    @Test
    void whatLiesBetweenTwoKeysIsFoundInEveryResource() {
        commit(new Write.Create(new ObjectKey("", "nodes", "", "n"), "u", json("n")));
        Stored a1 = create("n1", "a");
        Stored b1 = create("n1", "b");
        Stored a2 = create("n2", "a");
        Stored c2 = create("n2", "c");
        start();

        assertThat(names(Optional.empty(), Optional.empty()))
                .containsExactlyInAnyOrder("/n", "n1/a", "n1/b", "n2/a", "n2/c");
        assertThat(names(Optional.of(a1.key()), Optional.of(a2.key()))).containsExactlyInAnyOrder("n1/b", "n2/a");
        assertThat(names(Optional.empty(), Optional.of(b1.key()))).containsExactlyInAnyOrder("/n", "n1/a", "n1/b");
        assertThat(names(Optional.of(new ObjectKey("", "pods", "n2", "b")), Optional.empty()))
                .containsExactly("n2/c");
        assertThat(names(Optional.of(c2.key()), Optional.empty())).isEmpty();
        assertThat(names(Optional.empty(), Optional.of(new ObjectKey("", "a", "", ""))))
                .isEmpty();
    }

    private List<String> names(Optional<ObjectKey> after, Optional<ObjectKey> last) {
        return cache.between(Sequence.LOG, after, last).stream()
                .map(object -> object.key().namespace() + "/" + object.key().name())
                .toList();
    }

    /** What comes out of the log is held for each reader alone, and thousands may have fallen behind. */
    @Test
    void whoFellBehindGetsLittleAtATime() {
        start();
        Stored first = create("ns", "a");
        Stored last = first;
        for (int i = 0; i < 50; i++) {
            last = commit(new Write.Update(last.key(), last.revision(), json("x".repeat(4_000))));
        }
        cache.await(last.revision()).toCompletableFuture().join();
        Collector slow = new Collector().once();
        Collector steady = new Collector();

        cache.subscribe("", "pods", "", first.revision(), slow);
        cache.subscribe("", "pods", "", first.revision(), steady);

        steady.awaitRevision(last.revision());
        slow.awaitRevision(new Revision(first.revision().value() + 1));
        assertThat(slow.events()).hasSizeBetween(1, 5);
        assertThat(steady.events()).hasSize(50);
    }

    /** A cluster writes faster than history is read in small pieces. */
    @Test
    void whoTakesMuchOfTheLogGetsMoreOfItAtATime() {
        start();
        Stored first = create("ns", "a");
        Stored last = first;
        for (int i = 0; i < 260; i++) {
            last = commit(new Write.Update(last.key(), last.revision(), json("x".repeat(100_000))));
        }
        cache.await(last.revision()).toCompletableFuture().join();
        Collector reader = new Collector();

        cache.subscribe("", "pods", "", first.revision(), reader);

        reader.awaitRevision(last.revision());
        assertThat(reader.events()).hasSize(260);
        assertThat(reader.revisions()).isSorted().doesNotHaveDuplicates();
        // Each by itself until 16 MiB are read, the others by threes.
        assertThat(reader.deliveries()).isBetween(180L, 220L);
    }

    @Test
    void watchFromBeforeTheKeptHistoryIsExpired() {
        for (int i = 0; i < 20; i++) {
            create("ns", "p" + i);
        }
        storage.forgetHistory(Sequence.LOG, new Revision(10));
        start();
        Collector expired = new Collector();
        Collector fine = new Collector();

        cache.subscribe("", "pods", "", new Revision(9), expired);
        cache.subscribe("", "pods", "", new Revision(10), fine);

        assertThat(expired.awaitClose())
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(StorageException.Kind.EXPIRED));
        fine.awaitRevision(new Revision(21));
        assertThat(fine.events()).hasSize(11);
    }

    /** It is told so: going on with a gap would be a lie, and it can list again. */
    @Test
    void whoPausesForLongerThanHistoryReachesIsExpiredWhenItGoesOn() {
        start();
        Collector slow = new Collector();
        Collector quick = new Collector();
        Stored first = create("ns", "a");
        WatchCache.Subscription subscription = cache.subscribe("", "pods", "", cache.revision(), slow);
        cache.subscribe("", "pods", "", first.revision(), quick);
        subscription.pause();
        Stored last = first;
        for (int i = 0; i < 100; i++) {
            last = update(last);
        }
        quick.awaitRevision(last.revision());
        storage.forgetHistory(Sequence.LOG, new Revision(last.revision().value() - 1));

        subscription.resume();

        assertThat(slow.awaitClose())
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(StorageException.Kind.EXPIRED));
        assertThat(slow.revisions()).isSorted().doesNotContain(last.revision());
        assertThat(quick.events()).hasSize(100);
    }

    /** What it missed is gone and nothing follows that would show the gap: only the counter tells. */
    @Test
    void cacheThatHistoryHasLeftBehindLoadsAgain() {
        start();
        storage.feed(Sequence.LOG).listen(DEAF);
        Stored missed = create("ns", "missed");
        storage.forgetHistory(Sequence.LOG, missed.revision());

        cache.await(missed.revision()).toCompletableFuture().join();

        assertThat(cache.get(missed.key())).isPresent();
    }

    @Test
    void idleSubscriberLearnsHowFarNothingHappened() {
        start();
        Collector collector = new Collector();
        cache.subscribe("", "nodes", "", cache.revision(), collector);

        Stored elsewhere = create("ns", "a");

        collector.awaitProgress(elsewhere.revision());
        assertThat(collector.events()).isEmpty();
    }

    /** Also when the last it was sent came together with later changes elsewhere. */
    @Test
    void subscriberOfANamespaceLearnsHowFarNothingElseHappened() {
        start();
        Collector collector = new Collector();
        WatchCache.Subscription subscription = cache.subscribe("", "pods", "mine", cache.revision(), collector);
        subscription.pause();
        Stored mine = create("mine", "a");
        Stored elsewhere = create("other", "b");
        cache.await(elsewhere.revision()).toCompletableFuture().join();

        subscription.resume();

        collector.awaitProgress(elsewhere.revision());
        assertThat(collector.revisions()).containsExactly(mine.revision());
    }

    @Test
    void waitingForARevisionThatDoesNotComeEnds() {
        start();

        assertThatThrownBy(() ->
                        cache.await(new Revision(1_000)).toCompletableFuture().join())
                .hasMessageContaining("revision 1000 was not reached");
    }

    @Test
    void latestReadSeesWhatWasCommittedBeforeIt() {
        start();
        for (int i = 0; i < 200; i++) {
            Stored created = create("ns", "p" + i);
            cache.awaitLatest("", "pods").toCompletableFuture().join();
            assertThat(cache.get(created.key())).isPresent();
        }
    }

    @Test
    void leasesAreServedFromTheirOwnSequence() {
        start();
        Collector collector = new Collector();
        String group = "coordination.k8s.io";
        cache.subscribe(group, "leases", "", cache.revision(group, "leases"), collector);

        ObjectKey key = new ObjectKey(group, "leases", "ns", "l");
        Stored lease = storage.commit(List.of(new Write.Create(key, "u", json("l"))))
                .toCompletableFuture()
                .join()
                .getFirst();

        collector.awaitRevision(lease.revision());
        assertThat(cache.list(group, "leases", "ns").revision()).isEqualTo(lease.revision());
        assertThat(cache.revision()).isEqualTo(new Revision(1));
    }

    @Test
    void subscriberThatThrowsIsClosedAndDoesNotHurtOthers() {
        start();
        Collector broken = new Collector().failing();
        Collector healthy = new Collector();
        cache.subscribe("", "pods", "", cache.revision(), broken);
        cache.subscribe("", "pods", "", cache.revision(), healthy);

        Stored created = create("ns", "a");

        assertThat(broken.awaitClose()).hasMessage("broken subscriber");
        healthy.awaitRevision(created.revision());
    }

    private void start() {
        cache.start().toCompletableFuture().join();
    }

    private Stored create(String namespace, String name) {
        return commit(new Write.Create(new ObjectKey("", "pods", namespace, name), "uid-" + name, json(name)));
    }

    private Stored update(Stored old) {
        return commit(new Write.Update(old.key(), old.revision(), json("updated")));
    }

    private Stored delete(Stored old) {
        return commit(new Write.Delete(old.key(), old.revision(), old.json()));
    }

    private Stored commit(Write write) {
        return storage.commit(List.of(write)).toCompletableFuture().join().getFirst();
    }

    private static byte[] json(String value) {
        return "{\"metadata\":{\"name\":\"x\"},\"value\":\"%s\"}"
                .formatted(value)
                .getBytes(UTF_8);
    }
}
