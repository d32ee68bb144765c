package dev.keelson.apiserver.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import dev.keelson.apiserver.watch.WatchEvent;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A server that {@link ExactWatchIT} kills: writers that change random objects and watchers that print what they see,
 * one line each. What was not printed when the process died was not received; the next process resumes before it.
 *
 * <p>Arguments: database URL, seed, then {@code resource/namespace/revision} for each watcher. Lines: {@code E watcher
 * revision type namespace/name previousRevision} for an event, {@code A revision resource/namespace/name} for a write that was acknowledged. A line on standard input stops the writers; {@code D} says that they have.
 */
public final class WatchChild {
    static final List<String> RESOURCES = List.of("pods", "nodes");
    static final List<String> NAMESPACES = List.of("n1", "n2");
    private static final int NAMES = 12;
    private static final int WRITERS = 6;

    private final BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, UTF_8));
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final LiveWatchCache cache;
    private final Storage storage;
    private volatile boolean writing = true;

    private WatchChild(LiveWatchCache cache, Storage storage) {
        this.cache = cache;
        this.storage = storage;
    }

    public static void main(String[] arguments) throws IOException {
        StorageStack stack = new StorageStack(DatabaseUrl.parse(arguments[0]), Duration.ofSeconds(5), false);
        WatchCacheConfig tiny =
                new WatchCacheConfig(60_000, Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(5));
        LiveWatchCache cache = new LiveWatchCache(stack.storage(), tiny, CacheMetrics.NONE);
        cache.start().toCompletableFuture().join();
        WatchChild child = new WatchChild(cache, stack.storage());
        long seed = Long.parseLong(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            String[] watch = arguments[i].split("/", 3);
            child.new Watcher(i - 2, watch[0], watch[1], Long.parseLong(watch[2]), new Random(seed + i)).connect();
        }
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed * 31 + i);
                writers.execute(() -> child.write(random));
            }
            System.in.read();
            child.writing = false;
        }
        child.print(List.of("D"));
    }

    private void write(Random random) {
        while (writing) {
            List<Write> writes = randomWrites(random);
            try {
                List<Stored> stored =
                        storage.commit(writes).toCompletableFuture().join();
                print(stored.stream()
                        .map(each -> "A %s %s/%s"
                                .formatted(each.revision(), each.key().resource(), place(each.key())))
                        .toList());
                cache.await(stored.getLast().revision()).toCompletableFuture().join();
            } catch (CompletionException refused) {
                if (!(refused.getCause() instanceof StorageException)) {
                    throw refused;
                }
            }
        }
    }

    private List<Write> randomWrites(Random random) {
        Map<ObjectKey, Write> writes = new LinkedHashMap<>();
        int count = random.nextInt(5) == 0 ? 3 : 1;
        for (int i = 0; i < count; i++) {
            ObjectKey key = new ObjectKey(
                    "",
                    RESOURCES.get(random.nextInt(RESOURCES.size())),
                    NAMESPACES.get(random.nextInt(NAMESPACES.size())),
                    "o" + random.nextInt(NAMES));
            byte[] json = "{\"metadata\":{},\"v\":\"%s\"}"
                    .formatted("x".repeat(random.nextInt(400)))
                    .getBytes(UTF_8);
            Optional<CachedObject> current = cache.get(key);
            writes.put(
                    key,
                    current.<Write>map(found -> random.nextInt(4) == 0
                                    ? new Write.Delete(key, found.revision(), json)
                                    : new Write.Update(key, found.revision(), json))
                            .orElseGet(() -> new Write.Create(key, "uid-" + random.nextLong(), json)));
        }
        return List.copyOf(writes.values());
    }

    private void print(List<String> lines) {
        synchronized (out) {
            try {
                for (String line : lines) {
                    out.write(line);
                    out.write('\n');
                }
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String place(ObjectKey key) {
        return key.namespace() + "/" + key.name();
    }

    /** A client that now and then pauses, or hangs up and comes back where it was. */
    private final class Watcher {
        private final int number;
        private final String resource;
        private final String namespace;
        private final Random random;
        private long seen;
        private int connection;

        Watcher(int number, String resource, String namespace, long seen, Random random) {
            this.number = number;
            this.resource = resource;
            this.namespace = namespace;
            this.seen = seen;
            this.random = random;
        }

        synchronized void connect() {
            int mine = ++connection;
            WatchCache.Subscription subscription =
                    cache.subscribe("", resource, namespace, new Revision(seen), new WatchCache.Subscriber() {
                        @Override
                        public void onEvents(List<WatchEvent> events) {
                            receive(mine, events);
                        }

                        @Override
                        public void onProgress(Revision revision) {
                            progress(mine, revision);
                        }

                        @Override
                        public void onClose(Throwable cause) {
                            print(List.of("C %d %s".formatted(number, cause)));
                            timers.schedule(Watcher.this::connect, 50, TimeUnit.MILLISECONDS);
                        }
                    });
            disturb(mine, subscription);
        }

        private void disturb(int mine, WatchCache.Subscription subscription) {
            timers.schedule(subscription::pause, 20 + random.nextInt(200), TimeUnit.MILLISECONDS);
            timers.schedule(subscription::resume, 250 + random.nextInt(300), TimeUnit.MILLISECONDS);
            timers.schedule(() -> hangUp(mine, subscription), 600 + random.nextInt(400), TimeUnit.MILLISECONDS);
        }

        private synchronized void hangUp(int mine, WatchCache.Subscription subscription) {
            subscription.cancel();
            if (mine == connection) {
                connect();
            }
        }

        private synchronized void receive(int mine, List<WatchEvent> events) {
            if (mine != connection) {
                return;
            }
            List<String> lines = new ArrayList<>();
            for (WatchEvent event : events) {
                lines.add("E %d %s %s %s %s"
                        .formatted(
                                number,
                                event.revision(),
                                event.type(),
                                place(event.key()),
                                event.previous().map(CachedObject::revision).orElse(Revision.NONE)));
            }
            seen = events.getLast().revision().value();
            print(lines);
        }

        private synchronized void progress(int mine, Revision revision) {
            if (mine == connection) {
                // A bookmark: what comes next is after it, so resuming here must lose nothing either.
                seen = Math.max(seen, revision.value());
            }
        }
    }
}
