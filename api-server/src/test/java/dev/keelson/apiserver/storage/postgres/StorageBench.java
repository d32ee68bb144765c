package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keelson.apiserver.postgres.PostgresProcess;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Updates of 2 KB objects through group commit and the watch cache, each client with one request under way.
 *
 * <p>{@code StorageBench [clients] [updates per client] [bytes]} prints operations per second and latencies.
 */
public final class StorageBench {
    private final Storage storage;
    private final byte[] json;

    private StorageBench(Storage storage, int bytes) {
        this.storage = storage;
        this.json = "{\"metadata\":{\"name\":\"x\"},\"data\":{\"key\":\"%s\"}}"
                .formatted("v".repeat(Math.max(0, bytes - 47)))
                .getBytes(UTF_8);
    }

    public static void main(String[] arguments) {
        int clients = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
        int updates = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        int bytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2_048;
        try (PostgresProcess postgres = PostgresProcess.start()) {
            StorageStack.migrate(postgres.url());
            try (StorageStack stack = new StorageStack(postgres.url(), Duration.ofSeconds(30));
                    LiveWatchCache cache =
                            new LiveWatchCache(stack.storage(), WatchCacheConfig.defaults(), CacheMetrics.NONE)) {
                cache.start().toCompletableFuture().join();
                StorageBench bench = new StorageBench(stack.storage(), bytes);
                bench.run("warm", clients, Math.max(1, updates / 2));
                bench.run("run1", clients, updates);
                bench.run("run2", clients, updates);
                bench.run("single", 1, updates);
                var latest = cache.awaitLatest("", "configmaps")
                        .toCompletableFuture()
                        .join();
                System.out.printf("cache reached revision=%s%n", latest);
            }
        }
    }

    private void run(String name, int clients, int updates) {
        List<Stored> objects = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            ObjectKey key = new ObjectKey("", "configmaps", "bench", name + "-" + i);
            objects.add(storage.commit(List.of(new Write.Create(key, "uid-" + i, json)))
                    .toCompletableFuture()
                    .join()
                    .getFirst());
        }
        long[] nanos = new long[clients * updates];
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        CompletableFuture<?>[] all = objects.stream()
                .map(object -> client(object, updates, nanos, done).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "%s clients=%d bytes=%d ops/s=%.0f median=%.2fms p95=%.2fms p99=%.2fms%n",
                name,
                clients,
                json.length,
                nanos.length / seconds,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.95)] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6);
    }

    private CompletionStage<Stored> client(Stored object, int left, long[] nanos, AtomicInteger done) {
        if (left == 0) {
            return CompletableFuture.completedStage(object);
        }
        long start = System.nanoTime();
        return storage.commit(List.of(new Write.Update(object.key(), object.revision(), json)))
                .thenCompose(stored -> {
                    nanos[done.getAndIncrement()] = System.nanoTime() - start;
                    return client(stored.getFirst(), left - 1, nanos, done);
                });
    }
}
