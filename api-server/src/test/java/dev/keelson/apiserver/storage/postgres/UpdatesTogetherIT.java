package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.StorageException.Kind;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Updates of several clients that reach the database as one batch, in partitions of 32 revisions. */
class UpdatesTogetherIT {
    private static final int CLIENTS = 20;
    private static final String SMALL_PARTITIONS = """
            DROP TABLE revision_log_0, revision_log_262144;
            UPDATE revision_counter SET partition_size = 32;
            SELECT ensure_partitions(1);
            """;

    private static final String WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted";

    /** What the writer would be told after a lost connection. */
    private static final String REMEMBERED = """
            SELECT resolve_batch(0::smallint, last.id, last.batch)
            FROM (SELECT id, batch FROM writer ORDER BY seen_at DESC LIMIT 1) last
            """;

    private static final String KEPT_WRONGLY = """
            SELECT count(*) FROM revision_log
            WHERE kind = 1 AND (previous_revision < revision / 32 * 32) <> (previous_json IS NOT NULL)
            """;

    private static PostgresProcess postgres;
    private static StorageStack stack;

    @BeforeAll
    static void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
        stack = new StorageStack(postgres.url(), Duration.ofSeconds(10), false);
        await(stack.pool().query(SMALL_PARTITIONS).execute());
    }

    @AfterAll
    static void stop() {
        try {
            stack.close();
        } finally {
            postgres.close();
        }
    }

    @Test
    void eachGetsTheNextRevisionInItsTurn() {
        List<Stored> objects = created("turn");

        List<Stored> updated = all(together("turn", updates(objects, "second")));

        List<Long> revisions =
                updated.stream().map(each -> each.revision().value()).toList();
        long first = revisions.getFirst();
        assertThat(revisions)
                .isEqualTo(LongStream.range(first, first + CLIENTS).boxed().toList());
        assertThat(updated)
                .extracting(Stored::uid)
                .isEqualTo(objects.stream().map(Stored::uid).toList());
        assertThat(row(REMEMBERED).getArrayOfLongs(0)).containsExactly(revisions.toArray(Long[]::new));
    }

    @Test
    void oneOfAnObjectThatWasChangedIsRefusedAloneAndTakesNoRevision() {
        List<Stored> objects = created("changed");
        long before =
                commit(update(objects.get(7), "by another")).join().revision().value();

        assertThatOnlyOneIsRefused(together("changed", updates(objects, "second")), 7, Kind.CONFLICT, before);
    }

    @Test
    void oneOfAnObjectThatIsGoneIsRefusedAloneAndTakesNoRevision() {
        List<Stored> objects = created("gone");
        Stored gone = objects.get(3);
        long before = commit(new Write.Delete(gone.key(), gone.revision(), gone.json()))
                .join()
                .revision()
                .value();

        assertThatOnlyOneIsRefused(together("gone", updates(objects, "second")), 3, Kind.NOT_FOUND, before);
    }

    @Test
    void eachRemembersWhatWasBeforeAcrossPartitions() {
        List<Stored> objects = created("history");
        Map<ObjectKey, String> last = new HashMap<>();
        objects.forEach(each -> last.put(each.key(), text(each)));
        Revision created = objects.getLast().revision();
        for (int round = 0; round < 8; round++) {
            objects = all(together("history" + round, updates(objects, "round " + round)));
        }

        List<Change> history = stack.storage()
                .feed(Sequence.LOG)
                .history(new Scope("", "history"), created, objects.getLast().revision(), ReadLimit.changes(1_000))
                .toCompletableFuture()
                .join();

        assertThat(history).hasSize(8 * CLIENTS);
        for (Change change : history) {
            String previous = last.put(change.key(), text(change.object()));
            assertThat(text(change.previous().orElseThrow())).isEqualTo(previous);
        }
        assertThat(row(KEPT_WRONGLY).getLong(0)).isZero();
    }

    /** One revision went to what the batch waited for, the next ones to the updates that hold. */
    private static void assertThatOnlyOneIsRefused(
            List<CompletableFuture<Stored>> answers, int refused, Kind kind, long before) {
        assertThat(refusal(answers.get(refused))).isEqualTo(kind);
        List<CompletableFuture<Stored>> held = new ArrayList<>(answers);
        held.remove(refused);
        assertThat(all(held))
                .extracting(each -> each.revision().value())
                .containsExactlyElementsOf(LongStream.rangeClosed(before + 2, before + CLIENTS)
                        .boxed()
                        .toList());
        assertThat(row("SELECT value FROM revision_counter WHERE sequence = 0").getLong(0))
                .isEqualTo(before + CLIENTS);
    }

    /** Sends writes while the batch before them waits for the counter's lock, so that they become the next one. */
    private static List<CompletableFuture<Stored>> together(String name, List<Write> writes) {
        SqlConnection holder = await(stack.pool().getConnection());
        await(holder.query("BEGIN; UPDATE revision_counter SET value = value WHERE sequence = 0")
                .execute());
        CompletableFuture<Stored> waiting = commit(create("waiting", name));
        while (row(WAITING).getLong(0) == 0) {
            assertThat(waiting).isNotDone();
        }
        List<CompletableFuture<Stored>> answers =
                writes.stream().map(UpdatesTogetherIT::commit).toList();
        await(holder.query("COMMIT").execute());
        await(holder.close());
        waiting.join();
        return answers;
    }

    private static List<Stored> created(String resource) {
        return all(IntStream.range(0, CLIENTS)
                .mapToObj(i -> commit(create(resource, "n" + i)))
                .toList());
    }

    private static List<Write> updates(List<Stored> objects, String value) {
        return objects.stream().map(each -> update(each, value)).toList();
    }

    private static Write create(String resource, String name) {
        ObjectKey key = new ObjectKey("", resource, "ns", name);
        return new Write.Create(key, "uid-" + name, json(name));
    }

    private static Write update(Stored old, String value) {
        return new Write.Update(old.key(), old.revision(), json(old.key().name() + " " + value));
    }

    private static CompletableFuture<Stored> commit(Write write) {
        return stack.storage().commit(List.of(write)).thenApply(List::getFirst).toCompletableFuture();
    }

    private static List<Stored> all(List<CompletableFuture<Stored>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static Kind refusal(CompletableFuture<Stored> answer) {
        Throwable cause =
                catchThrowableOfType(CompletionException.class, answer::join).getCause();
        assertThat(cause).isInstanceOf(StorageException.class);
        return ((StorageException) cause).kind();
    }

    private static Row row(String sql) {
        return await(stack.pool().query(sql).execute()).iterator().next();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static byte[] json(String value) {
        return "{\"metadata\":{},\"value\":\"%s\"}".formatted(value).getBytes(UTF_8);
    }

    private static String text(Stored stored) {
        return new String(stored.json(), UTF_8);
    }
}
