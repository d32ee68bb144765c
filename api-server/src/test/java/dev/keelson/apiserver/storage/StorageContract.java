package dev.keelson.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.StorageException.Kind;
import dev.keelson.apiserver.storage.Write.Create;
import dev.keelson.apiserver.storage.Write.Delete;
import dev.keelson.apiserver.storage.Write.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store must do; run by PostgreSQL and by the fake. Tests share a store, so each uses a resource of its own. */
public abstract class StorageContract {
    private static final AtomicInteger RESOURCES = new AtomicInteger();

    private final String resource = "things" + RESOURCES.incrementAndGet();

    protected abstract Storage storage();

    protected abstract ChangeSource changes();

    protected abstract History history();

    @Test
    void createdObjectIsReadBackByteForByte() {
        String exact = "{ \"kind\":\"Thing\", \"metadata\" : {}, \"n\":1.50, \"ü\":\"\\u00fc\\\"}{\" }";
        Stored created = one(new Create(key("a"), "uid-a", exact.getBytes(UTF_8)));

        Stored read = join(storage().get(key("a")));

        assertThat(new String(read.json(), UTF_8)).isEqualTo(exact);
        assertThat(read.uid()).isEqualTo("uid-a");
        assertThat(read.revision()).isEqualTo(created.revision());
    }

    @Test
    void whatIsStoredTakesRoom() {
        Stored created = one(create("a"));
        assertThat(join(storage().sizeInBytes())).isGreaterThanOrEqualTo(created.json().length);
    }

    @Test
    void revisionsAreContiguousInCommitOrder() {
        Revision before = join(storage().currentRevision());

        List<Long> revisions = LongStream.range(0, 20)
                .map(i -> one(create("n" + i)).revision().value())
                .boxed()
                .toList();

        assertThat(revisions)
                .isEqualTo(LongStream.rangeClosed(1, 20)
                        .map(i -> before.value() + i)
                        .boxed()
                        .toList());
        assertThat(join(storage().currentRevision()).value()).isEqualTo(before.value() + 20);
    }

    @Test
    void preconditionsThatDoNotHoldAreRefusedByKind() {
        Stored a = one(create("a"));
        Revision stale = new Revision(a.revision().value() - 1);

        assertThat(refusal(create("a"))).isEqualTo(Kind.ALREADY_EXISTS);
        assertThat(refusal(new Update(key("a"), stale, json("x")))).isEqualTo(Kind.CONFLICT);
        assertThat(refusal(new Delete(key("a"), stale, json("x")))).isEqualTo(Kind.CONFLICT);
        assertThat(refusal(new Update(key("none"), stale, json("x")))).isEqualTo(Kind.NOT_FOUND);
        assertThat(refusal(new Delete(key("none"), stale, json("x")))).isEqualTo(Kind.NOT_FOUND);
        assertThat(kindOf(storage().get(key("none")))).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void commitOfManyWritesIsAllOrNothing() {
        Stored a = one(create("a"));
        Revision before = join(storage().currentRevision());

        Kind refused = kindOf(
                storage().commit(List.of(create("b"), new Update(key("a"), Revision.NONE, json("x")), create("c"))));

        assertThat(refused).isEqualTo(Kind.CONFLICT);
        assertThat(kindOf(storage().get(key("b")))).isEqualTo(Kind.NOT_FOUND);
        assertThat(join(storage().currentRevision())).isEqualTo(before);

        List<Stored> stored =
                join(storage().commit(List.of(create("b"), new Update(key("a"), a.revision(), json("x")))));
        assertThat(stored)
                .extracting(each -> each.revision().value())
                .containsExactly(before.value() + 1, before.value() + 2);
        assertThat(stored.getLast().uid()).isEqualTo(a.uid());
    }

    @Test
    void commitThatNoStoreCanDoIsRefusedWithoutHarm() {
        assertThat(kindOf(storage().commit(List.of()))).isEqualTo(Kind.INTERNAL);
        assertThat(kindOf(storage().commit(List.of(create("a"), create("a"))))).isEqualTo(Kind.INTERNAL);
        assertThat(refusal(new Create(key("a"), "u", "[1]".getBytes(UTF_8)))).isEqualTo(Kind.INTERNAL);
        assertThat(refusal(new Create(key("a"), "u", "{\"metadata\":7}".getBytes(UTF_8))))
                .isEqualTo(Kind.INTERNAL);
        assertThat(one(create("a")).revision().value()).isPositive();
    }

    @Test
    void oneFailedWriteCostsOnlyItsOwnRequest() {
        one(create("taken"));
        List<CompletableFuture<List<Stored>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Write write = i % 5 == 0 ? create("taken") : create("free" + i);
            answers.add(storage().commit(List.of(write)).toCompletableFuture());
        }

        long refused = answers.stream()
                .filter(answer -> catchThrowable(answer::join) != null)
                .count();

        assertThat(refused).isEqualTo(10);
    }

    @Test
    void oneOfManyConcurrentUpdatesOfTheSameVersionWins() {
        Revision version = one(create("a")).revision();
        List<CompletableFuture<List<Stored>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(storage()
                    .commit(List.of(new Update(key("a"), version, json("v" + i))))
                    .toCompletableFuture());
        }

        long won = answers.stream()
                .filter(answer -> catchThrowable(answer::join) == null)
                .count();

        assertThat(won).isEqualTo(1);
    }

    @Test
    void historyTellsEveryChangeWithWhatWasBefore() {
        Revision before = join(storage().currentRevision());
        Stored created = one(create("a"));
        Stored updated = one(new Update(key("a"), created.revision(), json("second")));
        Stored deleted = one(new Delete(key("a"), updated.revision(), json("last")));
        Stored again = one(create("a"));

        List<Change> history = join(feed().history(scope(), before, again.revision(), ReadLimit.changes(100)));

        assertThat(history)
                .extracting(Change::kind)
                .containsExactly(Change.Kind.CREATED, Change.Kind.UPDATED, Change.Kind.DELETED, Change.Kind.CREATED);
        assertThat(history)
                .extracting(Change::revision)
                .containsExactly(created.revision(), updated.revision(), deleted.revision(), again.revision());
        assertThat(history.get(0).previous()).isEmpty();
        assertThat(history.get(1).previous().orElseThrow().json()).isEqualTo(created.json());
        assertThat(history.get(2).previous().orElseThrow().revision()).isEqualTo(updated.revision());
        assertThat(history.get(2).object().json()).isEqualTo(json("last"));
        assertThat(history.get(3).previous()).isEmpty();
    }

    @Test
    void historyKeepsToItsBoundsAndItsResource() {
        Stored a = one(create("a"));
        one(new Create(new ObjectKey("", resource + "x", "ns", "b"), "uid", json("b")));
        Stored c = one(create("c"));
        Stored d = one(create("d"));

        assertThat(names(join(feed().history(scope(), a.revision(), c.revision(), ReadLimit.changes(100)))))
                .containsExactly("c");
        assertThat(names(join(feed().history(scope(), a.revision(), d.revision(), ReadLimit.changes(1)))))
                .containsExactly("c");
        assertThat(join(feed().readAfter(a.revision(), ReadLimit.changes(2)))).hasSize(2);
    }

    /** A thousand changes of a megabyte each would not fit into a server: what is read at once is bounded by both. */
    @Test
    void historyIsReadInPiecesOfBoundedSize() {
        Stored first = one(create("o0"));
        Stored last = first;
        for (int i = 1; i < 6; i++) {
            last = one(new Create(key("o" + i), "uid", json("x".repeat(1_000))));
        }
        ReadLimit two = new ReadLimit(100, 1_500);
        ReadLimit single = new ReadLimit(100, 1);

        List<Change> history = join(feed().history(scope(), first.revision(), last.revision(), two));
        List<Change> tail = join(feed().readAfter(first.revision(), two));

        assertThat(names(history)).containsExactly("o1", "o2");
        assertThat(two.reachedBy(history)).isTrue();
        assertThat(names(tail)).containsExactly("o1", "o2");
        assertThat(names(join(feed().history(scope(), first.revision(), last.revision(), single))))
                .containsExactly("o1");
        List<Change> rest =
                join(feed().history(scope(), tail.getLast().revision(), last.revision(), new ReadLimit(100, 10_000)));
        assertThat(names(rest)).containsExactly("o3", "o4", "o5");
        assertThat(new ReadLimit(100, 10_000).reachedBy(rest)).isFalse();
    }

    @Test
    void loadShowsWhatIsStoredAtOneRevision() {
        Stored kept = one(create("kept"));
        Stored gone = one(create("gone"));
        Stored deleted = one(new Delete(key("gone"), gone.revision(), json("x")));
        List<Stored> loaded = new ArrayList<>();

        Revision revision = join(feed().load(loaded::addAll));

        assertThat(revision).isGreaterThanOrEqualTo(deleted.revision());
        assertThat(loaded.stream()
                        .filter(each -> each.key().resource().equals(resource))
                        .map(Stored::revision))
                .containsExactly(kept.revision());
    }

    @Test
    void leasesCountByThemselvesAndStayOutOfTheLog() {
        Revision log = join(storage().currentRevision());
        ObjectKey lease = new ObjectKey("coordination.k8s.io", "leases", resource, "holder");

        Stored created = one(new Create(lease, "uid", json("one")));
        Stored renewed = one(new Update(lease, created.revision(), json("two")));

        assertThat(renewed.revision()).isGreaterThan(created.revision());
        assertThat(join(storage().currentRevision())).isEqualTo(log);
        assertThat(join(storage().get(lease)).json()).isEqualTo(json("two"));
        assertThat(join(changes().feed(Sequence.HEARTBEAT).current())).isEqualTo(renewed.revision());
        assertThat(refusal(new Update(lease, created.revision(), json("x")))).isEqualTo(Kind.CONFLICT);
        assertThat(kindOf(storage().commit(List.of(new Delete(lease, renewed.revision(), json("x")), create("z")))))
                .isEqualTo(Kind.INTERNAL);
    }

    @Test
    void leaseHistoryConvergesToTheNewestState() {
        ObjectKey lease = new ObjectKey("coordination.k8s.io", "leases", resource, "holder");
        ObjectKey brief = new ObjectKey("coordination.k8s.io", "leases", resource, "brief");
        Stored created = one(new Create(lease, "uid", json("one")));
        Stored doomed = one(new Create(brief, "uid", json("b")));
        Stored renewed = one(new Update(lease, created.revision(), json("two")));
        Stored deleted = one(new Delete(brief, doomed.revision(), json("b")));

        List<Change> history = join(changes()
                .feed(Sequence.HEARTBEAT)
                .history(
                        new Scope(lease.group(), lease.resource()),
                        doomed.revision(),
                        deleted.revision(),
                        ReadLimit.changes(100)));

        assertThat(history).extracting(Change::revision).containsExactly(renewed.revision(), deleted.revision());
        assertThat(history).extracting(Change::kind).containsExactly(Change.Kind.UPDATED, Change.Kind.DELETED);
    }

    @Test
    void pastIsReadAsItWas() {
        Stored kept = one(create("kept"));
        Stored changed = one(create("changed"));
        Stored doomed = one(create("doomed"));
        Revision then = doomed.revision();
        Stored second = one(new Update(key("changed"), changed.revision(), json("second")));
        one(new Update(key("changed"), second.revision(), json("third")));
        one(new Delete(key("doomed"), doomed.revision(), json("x")));
        one(create("doomed"));
        one(create("later"));

        assertThat(past("", then)).usingRecursiveFieldByFieldElementComparator().containsExactly(changed, doomed, kept);
        assertThat(past("changed", second.revision()).getFirst().json()).isEqualTo(json("second"));
        assertThat(past("later", then)).isEmpty();
        assertThat(join(history().objects(scope(), "elsewhere", "", then))).isEmpty();
    }

    @Test
    void commitIsSeenWholeOrNotAtAll() {
        List<Stored> together = join(storage().commit(List.of(create("a"), create("b"), create("c"))));
        Revision last = together.getLast().revision();

        assertThat(past("", new Revision(last.value() - 1))).isEmpty();
        assertThat(past("", last)).hasSize(3);
        Revision before = new Revision(together.getFirst().revision().value() - 1);
        assertThat(join(feed().readAfter(before, ReadLimit.changes(1)))).hasSize(3);
    }

    @Test
    void changesOfAnObjectSayWhoAndWhenNewestFirst() {
        Instant start = Instant.now().minusSeconds(5);
        Stored created = join(storage().commit(List.of(create("a")), "ann")).getFirst();
        Stored updated = join(storage().commit(List.of(new Update(key("a"), created.revision(), json("x"))), "ben"))
                .getFirst();
        join(storage().commit(List.of(create("other")), "zoe"));
        Stored deleted = join(storage().commit(List.of(new Delete(key("a"), updated.revision(), json("y"))), "cy"))
                .getFirst();
        Stored again = one(create("a"));
        Revision all = new Revision(again.revision().value() + 1);

        List<PastChange> changes = join(history().changes(key("a"), all, 10));

        assertThat(changes).extracting(PastChange::author).containsExactly("", "cy", "ben", "ann");
        assertThat(changes)
                .extracting(PastChange::kind)
                .containsExactly(Change.Kind.CREATED, Change.Kind.DELETED, Change.Kind.UPDATED, Change.Kind.CREATED);
        assertThat(changes).allSatisfy(change -> assertThat(change.at()).isAfter(start));
        assertThat(join(history().changes(key("a"), deleted.revision(), 1)))
                .extracting(change -> change.object().revision())
                .containsExactly(updated.revision());
        assertThat(join(history().changes(key("never"), all, 10))).isEmpty();
    }

    @Test
    void momentLeadsToTheNewestRevisionOfIt() {
        Stored first = one(create("a"));
        Instant made = join(history()
                        .changes(key("a"), new Revision(first.revision().value() + 1), 1))
                .getFirst()
                .at();
        Stored second = one(create("b"));

        assertThat(join(history().revisionAt(made))).isGreaterThanOrEqualTo(first.revision());
        assertThat(join(history().revisionAt(made.plusSeconds(60)))).isGreaterThanOrEqualTo(second.revision());
        assertThat(join(history().revisionAt(made.minusSeconds(3600)))).isLessThan(first.revision());
    }

    private List<Stored> past(String name, Revision revision) {
        return join(history().objects(scope(), "ns", name, revision));
    }

    private ChangeFeed feed() {
        return changes().feed(Sequence.LOG);
    }

    private Scope scope() {
        return new Scope("", resource);
    }

    private static List<String> names(List<Change> changes) {
        return changes.stream().map(change -> change.key().name()).toList();
    }

    private ObjectKey key(String name) {
        return new ObjectKey("", resource, "ns", name);
    }

    private Create create(String name) {
        return new Create(key(name), "uid-" + name, json(name));
    }

    private Stored one(Write write) {
        return join(storage().commit(List.of(write))).getFirst();
    }

    private Kind refusal(Write write) {
        return kindOf(storage().commit(List.of(write)));
    }

    private static Kind kindOf(CompletionStage<?> stage) {
        Throwable thrown = catchThrowable(() -> join(stage));
        assertThat(thrown).isInstanceOf(StorageException.class);
        return ((StorageException) thrown).kind();
    }

    private static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private static byte[] json(String value) {
        return "{\"metadata\":{\"name\":\"x\"},\"value\":\"%s\"}"
                .formatted(value)
                .getBytes(UTF_8);
    }
}
