package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.StorageException.Kind;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CacheComparison;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when the database is away, refuses, or has been changed behind the server's back. */
class OutageIT {
    private PostgresProcess postgres;
    private StorageStack stack;

    @BeforeEach
    void start() {
        postgres = PostgresProcess.start();
        StorageStack.migrate(postgres.url());
        stack = new StorageStack(postgres.url(), Duration.ofSeconds(2));
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
    void writesFailAsUnavailableAfterABoundedWaitAndGoOnWhenTheDatabaseIsBack() {
        create("before");
        postgres.kill();
        long start = System.nanoTime();

        Throwable away = catchThrowable(() -> create("away"));

        assertThat(kind(away)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(kind(catchThrowable(() -> get("before")))).isEqualTo(Kind.UNAVAILABLE);
        postgres.restart();
        assertThat(create("after").revision().value()).isPositive();
        assertThat(get("before").uid()).isEqualTo("uid-before");
    }

    @Test
    void writeThatTheDatabaseCannotStoreFailsAloneInItsBatch() {
        create("warm");
        List<CompletableFuture<List<Stored>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = i == 17 ? "nul\u0000" : "n" + i;
            answers.add(stack.storage().commit(List.of(write(name))).toCompletableFuture());
        }

        for (int i = 0; i < answers.size(); i++) {
            Throwable refused = catchThrowable(answers.get(i)::join);
            if (i == 17) {
                assertThat(kind(refused)).isEqualTo(Kind.INTERNAL);
            } else {
                assertThat(refused).isNull();
            }
        }
    }

    @Test
    void databaseThatForgotTheWriterIsNoTrouble() {
        create("before");
        sql("DELETE FROM writer");

        assertThat(create("after").revision().value()).isPositive();
    }

    @Test
    void anObjectThatIsChangedPastTheLogIsFoundCountedAndRepaired() {
        Stored kept = create("kept");
        Stored changed = create("changed");
        create("removed");
        AtomicInteger differences = new AtomicInteger();
        CacheMetrics metrics = new CacheMetrics() {
            @Override
            public void reloaded() {
                // Follows from the difference.
            }

            @Override
            public void differences(int count) {
                differences.addAndGet(count);
            }
        };
        try (LiveWatchCache cache = new LiveWatchCache(stack.storage(), WatchCacheConfig.defaults(), metrics)) {
            cache.start().toCompletableFuture().join();
            CacheComparison comparison = new CacheComparison(Sequence.LOG, cache, stack.reads(), metrics);
            assertThat(comparison.next().toCompletableFuture().join()).isEmpty();

            sql("UPDATE object_state SET json = '{\"metadata\":{},\"evil\":1}' WHERE name = 'changed'");
            sql("DELETE FROM object_state WHERE name = 'removed'");

            assertThat(comparison.next().toCompletableFuture().join())
                    .extracting(ObjectKey::name)
                    .containsExactlyInAnyOrder("changed", "removed");
            assertThat(differences).hasValue(2);
            assertThat(awaitEqual(comparison)).isTrue();
            assertThat(new String(cache.get(changed.key()).orElseThrow().json(), UTF_8))
                    .contains("evil");
            assertThat(cache.get(kept.key())).isPresent();
        }
    }

    /** The repair runs on its own; a few rounds of comparison are enough to see it done. */
    private static boolean awaitEqual(CacheComparison comparison) {
        for (int i = 0; i < 200; i++) {
            if (comparison.next().toCompletableFuture().join().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void sql(String statement) {
        stack.pool()
                .query(statement)
                .execute()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static Kind kind(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown;
        assertThat(cause).isInstanceOf(StorageException.class);
        return ((StorageException) cause).kind();
    }

    private Stored get(String name) {
        return stack.storage().get(key(name)).toCompletableFuture().join();
    }

    private Stored create(String name) {
        return stack.storage()
                .commit(List.of(write(name)))
                .toCompletableFuture()
                .join()
                .getFirst();
    }

    private static Write write(String name) {
        return new Write.Create(key(name), "uid-" + name, "{\"metadata\":{}}".getBytes(UTF_8));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("", "pods", "ns", name);
    }
}
