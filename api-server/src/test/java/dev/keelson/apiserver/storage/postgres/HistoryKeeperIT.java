package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryKeeperIT {
    private static final Scope PODS = new Scope("", "pods");
    private static final Scope LEASES = new Scope("coordination.k8s.io", "leases");
    private static final String TINY_PARTITIONS = """
            DROP TABLE revision_log_0, revision_log_262144;
            UPDATE revision_counter SET partition_size = 16;
            SELECT ensure_partitions(1);
            """;

    private static final String VACUUMED = """
            SELECT count(*) FROM pg_class JOIN pg_inherits ON oid = inhrelid
            WHERE inhparent = 'revision_log'::regclass
                AND NOT coalesce('autovacuum_enabled=false' = ANY (reloptions), false)
            """;

    private PostgresProcess postgres;
    private StorageStack stack;

    @BeforeEach
    void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
        stack = new StorageStack(postgres.url(), Duration.ofSeconds(10), false);
        stack.pool()
                .query(TINY_PARTITIONS)
                .execute()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        try {
            stack.close();
        } finally {
            postgres.close();
        }
    }

    @Test
    void writesGoOnAcrossPartitionsAndEachRemembersWhatWasBefore() {
        Stored pod = updated(create(PODS, "a"), 50);

        List<Change> history = history(PODS, new Revision(1), pod.revision());

        assertThat(history).hasSize(51);
        for (int i = 1; i < history.size(); i++) {
            assertThat(history.get(i).previous().orElseThrow().json())
                    .isEqualTo(history.get(i - 1).object().json());
        }
        assertThat(vacuumed()).isZero();
    }

    @Test
    void historyOlderThanTheWindowGoesInWholePartitionsAndIsThenExpired() {
        Stored pod = updated(create(PODS, "a"), 40);

        long floor = keepUntil(Instant.now().plusSeconds(60));

        assertThat(floor).isEqualTo(31);
        Revision newest = pod.revision();
        assertThatThrownBy(() -> history(PODS, new Revision(30), newest))
                .hasMessageContaining("revision 30 is too old");
        List<Change> kept = history(PODS, new Revision(31), newest);
        assertThat(kept).hasSize((int) newest.value() - 31);
        assertThat(kept.getFirst().previous().orElseThrow().revision()).isEqualTo(new Revision(31));
        assertThat(kept.getFirst().previous().orElseThrow().json()).isNotEmpty();
        update(pod, "still works");
    }

    @Test
    void historyWithinTheWindowStays() {
        Stored pod = updated(create(PODS, "a"), 40);

        assertThat(keepUntil(Instant.now().minusSeconds(3600))).isEqualTo(1);

        assertThat(history(PODS, new Revision(1), pod.revision())).hasSize(41);
    }

    @Test
    void anObjectThatDidNotChangeKeepsItsBytesWhenItsHistoryGoes() {
        Stored quiet = create(PODS, "quiet");
        Stored busy = updated(create(PODS, "busy"), 40);
        keepUntil(Instant.now().plusSeconds(60));

        assertThat(partitions()).isEqualTo(2);
        assertThat(loaded()).containsExactlyInAnyOrder(text(quiet), text(busy));
        assertThat(new PostgresHistory(stack.pool())
                        .objects(PODS, "ns", "quiet", busy.revision())
                        .toCompletableFuture()
                        .join())
                .extracting(HistoryKeeperIT::text)
                .containsExactly(text(quiet));

        Stored changed = update(quiet, "changed");

        assertThat(loaded()).containsExactlyInAnyOrder(text(changed), text(busy));
        Change change = history(PODS, busy.revision(), changed.revision()).getFirst();
        assertThat(text(change.previous().orElseThrow())).isEqualTo(text(quiet));
    }

    @Test
    void historyThatHoldsTheBytesOfAnObjectBeingChangedStaysUntilTheNextTime() {
        Stored held = create(PODS, "held");
        Stored busy = updated(create(PODS, "busy"), 40);
        int before = partitions();

        // In the partition of the oldest revisions, of the two that are old enough to go.
        int during = stack.pool()
                .withTransaction(other -> other.query("SELECT FROM object_state WHERE name = 'held' FOR UPDATE")
                        .execute()
                        .compose(locked -> keeper(Instant.now().plusSeconds(60)).keep())
                        .map(kept -> partitions(other)))
                .compose(count -> count)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        keepUntil(Instant.now().plusSeconds(60));

        assertThat(during).isEqualTo(before - 1);
        assertThat(partitions()).isEqualTo(before - 2);
        assertThat(loaded()).containsExactlyInAnyOrder(text(held), text(busy));
    }

    @Test
    void tombstonesOfLeasesGoAndOlderReadersAreExpired() {
        Stored lease = create(LEASES, "gone");
        Stored kept = create(LEASES, "kept");
        Stored deleted = commit(new Write.Delete(lease.key(), lease.revision(), lease.json()));

        keepUntil(Instant.now().plusSeconds(60));

        assertThatThrownBy(() -> history(LEASES, kept.revision(), deleted.revision()))
                .hasMessageContaining("too old");
        Stored renewed = update(kept, "renewed");
        assertThat(history(LEASES, deleted.revision(), renewed.revision())).hasSize(1);
    }

    /** Partitions that would be vacuumed and analyzed while they grow. */
    private long vacuumed() {
        return stack.pool()
                .query(VACUUMED)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private int partitions() {
        return partitions(stack.pool())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static Future<Integer> partitions(SqlClient client) {
        return client.query("SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'revision_log'::regclass")
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** What a server that starts now reads. */
    private List<String> loaded() {
        List<String> texts = new ArrayList<>();
        stack.storage()
                .feed(Sequence.LOG)
                .load(page -> page.forEach(each -> texts.add(text(each))))
                .toCompletableFuture()
                .join();
        return texts;
    }

    private static String text(Stored object) {
        return object.key().name() + "@" + object.revision() + new String(object.json(), UTF_8);
    }

    private long keepUntil(Instant before) {
        return keeper(before).keep().toCompletionStage().toCompletableFuture().join();
    }

    private HistoryKeeper keeper(Instant before) {
        return new HistoryKeeper(stack.vertx(), stack.pool(), Duration.ZERO, InstantSource.fixed(before));
    }

    private List<Change> history(Scope scope, Revision after, Revision upTo) {
        return stack.storage()
                .feed(Sequence.of(scope.group(), scope.resource()))
                .history(scope, after, upTo, ReadLimit.changes(1_000))
                .toCompletableFuture()
                .join();
    }

    private Stored create(Scope scope, String name) {
        ObjectKey key = new ObjectKey(scope.group(), scope.resource(), "ns", name);
        return commit(new Write.Create(key, "uid", json("created")));
    }

    private Stored updated(Stored object, int times) {
        Stored newest = object;
        for (int i = 0; i < times; i++) {
            newest = update(newest, "v" + i);
        }
        return newest;
    }

    private Stored update(Stored old, String value) {
        return commit(new Write.Update(old.key(), old.revision(), json(value)));
    }

    private Stored commit(Write write) {
        return stack.storage()
                .commit(List.of(write))
                .toCompletableFuture()
                .join()
                .getFirst();
    }

    private static byte[] json(String value) {
        return "{\"metadata\":{},\"value\":\"%s\"}".formatted(value).getBytes(UTF_8);
    }
}
