package dev.keelson.apiserver.storage.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.Collector;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The store under a model, and the classic failures of watchable stores by name. Each says what a store with the bug
 * would do, and hence why the test would fail.
 */
abstract class StoreModelContract {
    private StoreWorld world;

    protected abstract StoreWorld newWorld();

    protected abstract int operations();

    @BeforeEach
    void open() {
        world = newWorld();
    }

    @AfterEach
    void close() {
        world.close();
    }

    protected StoreWorld world() {
        return world;
    }

    @Test
    void randomUseAgreesWithTheModel() throws Exception {
        long seed = Long.getLong("keelson.seed", System.nanoTime());
        System.out.println("store model seed=" + seed);
        new ModelRun(world, seed, operations()).run();
    }

    /**
     * A store that forgets a deletion with the old history, and then resumes a watch from before it as if nothing had
     * been, leaves the client with an object that is gone. Here that client must be sent away instead.
     */
    @Test
    void deletionThatWasCompactedSendsWatchersFromBeforeItAway() {
        Stored doomed = create("doomed");
        Stored deleted = commit(new Write.Delete(doomed.key(), doomed.revision(), json("gone")));
        Stored last = deleted;
        for (int i = 0; i < 140; i++) {
            last = create("later-" + i);
        }
        world.compact(last.revision(), Instant.now().plusSeconds(60));
        world.crash(new Random(0));

        Collector before = subscribe(server(), doomed.revision());

        assertThat(before.awaitClose()).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                .isEqualTo(StorageException.Kind.EXPIRED));
        assertThat(before.events()).isEmpty();
    }

    /** A store with a bounded buffer for each watcher drops what does not fit while one reads slowly. */
    @Test
    void slowWatcherGetsEveryEventInOrder() {
        Stored first = create("a");
        Collector slow = new Collector();
        WatchCache.Subscription subscription =
                server().cache().subscribe("", ModelClient.RESOURCE, "", first.revision(), slow);
        subscription.pause();
        List<Revision> written = new ArrayList<>();
        Stored last = first;
        for (int i = 0; i < 400; i++) {
            last = commit(new Write.Update(last.key(), last.revision(), json("x".repeat(200))));
            written.add(last.revision());
        }
        server().cache().await(last.revision()).toCompletableFuture().join();

        subscription.resume();

        slow.awaitRevision(last.revision());
        assertThat(slow.revisions()).isEqualTo(written);
    }

    /** A store that counts in memory, or that acknowledges before the disk has it, begins again below what it gave out. */
    @Test
    void revisionDoesNotGoBackInACrash() {
        Random random = new Random(7);
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<List<Stored>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(server().storage()
                        .commit(List.of(new Write.Create(key("r" + round + "-" + i), "u", json("x"))))
                        .toCompletableFuture());
            }
            long newest = answers.stream()
                    .map(CompletableFuture::join)
                    .mapToLong(stored -> stored.getFirst().revision().value())
                    .max()
                    .orElseThrow();

            world.crash(random);

            assertThat(ModelClient.join(server().storage().currentRevision()).value())
                    .isEqualTo(newest);
            assertThat(create("after-" + round).revision().value()).isEqualTo(newest + 1);
        }
    }

    /**
     * A store whose list names a revision that is newer than its content, or whose watch begins after the revision that
     * was asked for, loses what happens between the two. Writers make sure that something happens there.
     */
    @Test
    void watchGoesOnExactlyWhereTheListEnds() {
        List<CompletableFuture<List<Stored>>> answers = new ArrayList<>();
        List<Collector> collectors = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(server().storage()
                    .commit(List.of(new Write.Create(key("o" + i), "u", json("x"))))
                    .toCompletableFuture());
            WatchCache.Snapshot list = server().cache().list("", ModelClient.RESOURCE, "");
            assertThat(list.objects().stream()
                            .mapToLong(object -> object.revision().value()))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(2, list.revision().value())
                                    .boxed()
                                    .toList());
            starts.add(list.revision().value());
            collectors.add(subscribe(server(), list.revision()));
        }
        answers.forEach(CompletableFuture::join);

        Stored last = create("last");

        for (int i = 0; i < collectors.size(); i++) {
            collectors.get(i).awaitRevision(last.revision());
            assertThat(collectors.get(i).revisions().stream().map(Revision::value))
                    .isEqualTo(LongStream.rangeClosed(
                                    starts.get(i) + 1, last.revision().value())
                            .boxed()
                            .toList());
        }
    }

    /**
     * A server that comes back with an empty window and takes a watch from before its start for one that has seen
     * everything accepts it and says nothing: neither what was missed, nor, in the worst case, what follows.
     */
    @Test
    void watchFromBeforeARestartIsNotSilent() {
        Stored seen = create("seen");
        Stored missed = create("missed");

        world.crash(new Random(0));
        Collector resumed = subscribe(server(), seen.revision());

        resumed.awaitRevision(missed.revision());
        Stored later = create("later");
        resumed.awaitRevision(later.revision());
        assertThat(resumed.revisions()).containsExactly(missed.revision(), later.revision());
        assertThat(resumed.types()).containsOnly(WatchEvent.Type.ADDED);
    }

    /**
     * A store whose transactions have one revision cannot tell a watcher that has seen one event of it from one that has
     * seen all, and so loses the rest for the one or repeats all for the other. Here it goes on exactly, wherever it was
     * cut off, and what it sees in between is never mixed with what others did.
     */
    @Test
    void watchThatWasCutOffInsideATransactionGetsTheRestOfIt() {
        create("before");
        List<Write> writes = IntStream.range(0, 6)
                .<Write>mapToObj(i -> new Write.Create(key("t" + i), "uid-" + i, json("t" + i)))
                .toList();
        List<Stored> transaction = ModelClient.join(server().storage().commit(writes));
        Stored after = create("after");
        List<Revision> all = Stream.concat(transaction.stream(), Stream.of(after))
                .map(Stored::revision)
                .toList();

        world.crash(new Random(0));

        for (StoreWorld.Server server : world.servers()) {
            for (int seen = 0; seen < transaction.size(); seen++) {
                Collector resumed = subscribe(server, all.get(seen));
                resumed.awaitRevision(after.revision());
                assertThat(resumed.revisions()).isEqualTo(all.subList(seen + 1, all.size()));
            }
        }
    }

    /** A store that answers single reads from one place and lists from another shows an object in one of them only. */
    @Test
    void objectThatIsReadIsAlsoListed() {
        for (int i = 0; i < 100; i++) {
            StoreWorld.Server writer = world.servers().get(i % world.servers().size());
            StoreWorld.Server reader =
                    world.servers().get((i + 1) % world.servers().size());
            Stored created = ModelClient.join(
                            writer.storage().commit(List.of(new Write.Create(key("o" + i), "u", json("x")))))
                    .getFirst();

            assertThat(ModelClient.join(reader.storage().get(created.key())).revision())
                    .isEqualTo(created.revision());
            ModelClient.join(reader.cache().awaitLatest("", ModelClient.RESOURCE));
            assertThat(reader.cache().list("", ModelClient.RESOURCE, "n").objects())
                    .anyMatch(object -> object.key().equals(created.key()));
        }
    }

    private StoreWorld.Server server() {
        return world.servers().getFirst();
    }

    private static Collector subscribe(StoreWorld.Server server, Revision from) {
        Collector collector = new Collector();
        server.cache().subscribe("", ModelClient.RESOURCE, "", from, collector);
        return collector;
    }

    private Stored create(String name) {
        return commit(new Write.Create(key(name), "uid-" + name, json(name)));
    }

    private Stored commit(Write write) {
        return ModelClient.join(server().storage().commit(List.of(write))).getFirst();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("", ModelClient.RESOURCE, "n", name);
    }

    private static byte[] json(String value) {
        return "{\"metadata\":{},\"v\":\"%s\"}".formatted(value).getBytes(UTF_8);
    }
}
