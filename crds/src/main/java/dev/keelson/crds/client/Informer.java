package dev.keelson.crds.client;

import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Keeps a cache of one type in step with the server: list, then watch from the list's revision, for ever.
 *
 * <p>A lost watch resumes exactly where it stopped; only when the server no longer has that revision (410) is
 * everything listed again, and the difference reported to the handlers. While the server is away it is asked again
 * after 50 ms, rising to 2 s.
 */
public final class Informer<T extends HasMetadata> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Informer.class.getName());
    private static final Duration LEAST_WATCH = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final ApiClient client;
    private final ResourceType<T> type;
    private final String namespace;
    private final ListOptions options;
    private final InformerCache<T> cache;
    private final CountDownLatch firstList = new CountDownLatch(1);
    private final AtomicReference<Watch<T>> open = new AtomicReference<>();
    private final Thread thread;

    private volatile boolean closed;
    private boolean listNeeded = true;
    private Backoff backoff = Backoff.upTo(LONGEST_PAUSE);

    /** An informer over all namespaces (or the one named) that is not started yet. */
    public Informer(ApiClient client, ResourceType<T> type, String namespace, ListOptions options) {
        this(client, type, namespace, options, new InformerCache<>());
    }

    /** As above, feeding a cache that the caller made. */
    public Informer(
            ApiClient client, ResourceType<T> type, String namespace, ListOptions options, InformerCache<T> cache) {
        this.cache = cache;
        this.client = client;
        this.type = type;
        this.namespace = namespace;
        this.options = options;
        this.thread = Thread.ofVirtual().name("informer-" + type.plural()).unstarted(this::run);
    }

    public Informer(ApiClient client, ResourceType<T> type) {
        this(client, type, "", ListOptions.ALL);
    }

    public Lister<T> lister() {
        return cache;
    }

    public Informer<T> addHandler(ResourceHandler<T> handler) {
        cache.addHandler(handler);
        return this;
    }

    /** See {@link InformerCache#addIndex}. */
    public Informer<T> addIndex(String name, Function<T, ? extends Collection<String>> extractor) {
        cache.addIndex(name, extractor);
        return this;
    }

    public Informer<T> start() {
        thread.start();
        return this;
    }

    /** Waits until the first list is in the cache and the handlers have seen it; false when the time is up first. */
    public boolean awaitSync(Duration limit) {
        try {
            return firstList.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        while (!closed) {
            try {
                listAndWatch();
            } catch (ApiException refused) {
                listNeeded |= refused.kind() == ApiException.Kind.EXPIRED;
                pauseAfter(refused);
            } catch (RuntimeException unreadable) {
                // An event that cannot be read may have been a change: only a fresh list is certain.
                listNeeded = true;
                pauseAfter(unreadable);
            }
        }
    }

    private void listAndWatch() {
        if (listNeeded) {
            cache.replace(client.list(type, namespace, options));
            listNeeded = false;
            firstList.countDown();
        }
        long opened = System.nanoTime();
        try (Watch<T> watch = client.watch(type, namespace, options, Long.toString(cache.revision()))) {
            open.set(watch);
            while (!closed && watch.hasNext()) {
                cache.apply(watch.next());
                backoff = Backoff.upTo(LONGEST_PAUSE);
            }
        } finally {
            open.set(null);
        }
        if (System.nanoTime() - opened < LEAST_WATCH.toNanos()) {
            sleep(LEAST_WATCH); // a server that closes every watch at once must not be hammered
        }
    }

    private void pauseAfter(RuntimeException failure) {
        if (closed) {
            return;
        }
        if (backoff.worrying()) { // the loss of a connection is ordinary, and so is a server that starts
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot follow resource=%s pause=%dms relist=%s cause=%s"
                            .formatted(type.plural(), backoff.pause().toMillis(), listNeeded, failure.getMessage()));
        }
        sleep(backoff.pause());
        backoff = backoff.next();
    }

    private void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            closed = true;
        }
    }

    /** Stops following; the cache keeps its last state. Waits for nothing. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Watch<T> watch = open.get();
        if (watch != null) {
            watch.close();
        }
    }
}
