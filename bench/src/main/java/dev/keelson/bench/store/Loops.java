package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Ways to load a store. A put that fails ends the benchmark. */
final class Loops {
    private static final int MOST = 1_000_000;

    /** @param perSecond puts per second over the whole time */
    record Result(Sample sample, double perSecond) {
        String line() {
            return Latencies.line(sample) + String.format(Locale.ROOT, "   %.0f/s", perSecond);
        }
    }

    private final Vertx vertx;

    Loops(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Each client sends its next put when the one before is answered. */
    Result closed(Store store, int clients, Duration time) throws InterruptedException {
        Latencies latencies = new Latencies(MOST);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(clients);
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        for (int i = 0; i < clients; i++) {
            int client = i;
            vertx.getOrCreateContext().runOnContext(start -> next(store, client, end, latencies, failure, running));
        }
        running.await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        check(failure);
        String name = "%s, %d client%s".formatted(store.name(), clients, clients == 1 ? "" : "s");
        return new Result(latencies.sample(name), latencies.size() / seconds);
    }

    private void next(
            Store store,
            int client,
            long end,
            Latencies latencies,
            AtomicReference<Throwable> failure,
            CountDownLatch running) {
        long start = System.nanoTime();
        if (start >= end || failure.get() != null) {
            running.countDown();
            return;
        }
        store.put(client, start).onComplete(answer -> {
            if (answer.failed()) {
                failure.compareAndSet(null, answer.cause());
            } else {
                latencies.add(System.nanoTime() - start);
            }
            next(store, client, end, latencies, failure, running);
        });
    }

    /** So many puts per second whatever the answers take; a put that starts late counts from when it was due. */
    Result open(Store store, int clients, int rate, Duration time) throws Exception {
        int puts = Math.toIntExact(rate * time.toSeconds());
        Latencies latencies = new Latencies(puts);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(puts);
        CompletableFuture<?>[] last = new CompletableFuture<?>[clients];
        long begin = System.nanoTime();
        for (int i = 0; i < puts; i++) {
            int client = i % clients;
            long due = begin + i * 1_000_000_000L / rate;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            CompletableFuture<?> before = last[client] == null ? CompletableFuture.completedFuture(null) : last[client];
            last[client] = before.thenCompose(done -> store.put(client, due).toCompletionStage())
                    .whenComplete((done, error) -> {
                        latencies.add(System.nanoTime() - due);
                        if (error != null) {
                            failure.compareAndSet(null, error);
                        }
                        running.countDown();
                    });
        }
        running.await();
        check(failure);
        return new Result(latencies.sample("%s, %d writes/s".formatted(store.name(), rate)), rate);
    }

    private static void check(AtomicReference<Throwable> failure) {
        if (failure.get() != null) {
            throw new IllegalStateException("a write failed", failure.get());
        }
    }
}
