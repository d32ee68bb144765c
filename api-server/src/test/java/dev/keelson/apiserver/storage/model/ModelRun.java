package dev.keelson.apiserver.storage.model;

import dev.keelson.apiserver.storage.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One seeded run: clients and watchers use the store while it is compacted and crashes, then everything is checked. */
final class ModelRun {
    private static final int CLIENTS = 6;

    private final StoreWorld world;
    private final long seed;
    private final int operations;
    private final Random random;
    private final Sightings sightings = new Sightings();
    private final Witness witness;
    private final AtomicLong forgotten = new AtomicLong(1);

    /** @param operations of each client */
    ModelRun(StoreWorld world, long seed, int operations) {
        this.world = world;
        this.seed = seed;
        this.operations = operations;
        this.random = new Random(seed);
        this.witness = new Witness(world);
    }

    void run() throws Exception {
        List<ModelWatcher> watchers = Stream.of("", "n1", "n2")
                .map(namespace -> new ModelWatcher(world, namespace, random.nextLong()))
                .toList();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>(IntStream.range(0, CLIENTS)
                    .mapToObj(i -> new ModelClient(world, sightings, "c" + i, random.nextLong(), operations))
                    .<Future<?>>map(threads::submit)
                    .toList());
            List<Future<?>> watching = watchers.stream()
                    .<Future<?>>map(watcher -> {
                        Random pauses = new Random(random.nextLong());
                        return threads.submit(() -> {
                            while (!done.get()) {
                                watcher.connectFor(10 + pauses.nextInt(200), forgotten::get);
                            }
                            return null;
                        });
                    })
                    .toList();
            try {
                disturb(clients);
            } finally {
                done.set(true);
            }
            for (Future<?> each :
                    Stream.concat(clients.stream(), watching.stream()).toList()) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
        verify(watchers);
    }

    private void disturb(List<Future<?>> clients) {
        while (clients.stream().anyMatch(client -> !client.isDone())) {
            awaitCommits(clients, 20 + random.nextInt(CLIENTS * operations / 8));
            if (random.nextBoolean()) {
                world.crash(random);
            } else {
                Instant before = Instant.now();
                long seen = witness.look();
                forgotten.set(seen);
                world.compact(new Revision(seen), before);
            }
        }
    }

    private void awaitCommits(List<Future<?>> clients, int more) {
        int target = sightings.count() + more;
        while (sightings.count() < target && clients.stream().anyMatch(client -> !client.isDone())) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void verify(List<ModelWatcher> watchers) throws InterruptedException {
        long last = witness.look();
        for (ModelWatcher watcher : watchers) {
            watcher.finish(last);
        }
        Truth truth = witness.truth();
        sightings.check(truth);
        watchers.forEach(watcher -> watcher.check(truth));
        System.out.printf(
                "store model seed=%d revisions=%d forgotten=%d %s events=%d%n",
                seed,
                last,
                forgotten.get(),
                sightings.counts(),
                watchers.stream().mapToInt(ModelWatcher::events).sum());
    }
}
