package dev.keelson.controllers.runtime;

import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@link Informers} that follow a real API server, each on a virtual thread. */
public final class SharedInformers implements Informers, AutoCloseable {
    /** Right after the start everybody waits for pods; what can come later does not take the processor from them. */
    private static final Duration LATER = Duration.ofSeconds(3);

    /** @param selector empty for all objects of the type */
    private record Followed(ResourceType<?> type, String selector) {}

    private record Running<T extends HasMetadata>(InformerCache<T> cache, Informer<T> informer) {}

    private enum Phase {
        NEW,
        STARTED,
        COMPLETE
    }

    private final ApiClient client;
    private final Map<Followed, Running<?>> running = new LinkedHashMap<>();
    private final Set<Followed> later = new HashSet<>();
    private final Thread starter = Thread.ofVirtual().name("informers-later").unstarted(this::startLater);
    private Phase phase = Phase.NEW;

    public SharedInformers(ApiClient client) {
        this.client = client;
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        return cache(type, "", CacheContents.of(type));
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> selected(ResourceType<T> type, String fieldSelector) {
        return cache(type, fieldSelector, CacheContents.selected(fieldSelector));
    }

    private synchronized <T extends HasMetadata> InformerCache<T> cache(
            ResourceType<T> type, String selector, ListOptions contents) {
        Followed followed = new Followed(type, selector);
        boolean waited = later.remove(followed);
        boolean known = running.containsKey(followed);
        Running<T> one = running(type, selector, contents);
        if (phase != Phase.NEW && (!known || waited)) {
            one.informer().start();
        }
        return one.cache();
    }

    @Override
    public synchronized <T extends HasMetadata> InformerCache<T> cacheLater(ResourceType<T> type) {
        if (phase == Phase.COMPLETE) {
            return cache(type);
        }
        Followed all = new Followed(type, "");
        if (!running.containsKey(all)) {
            later.add(all);
        }
        return running(type, "", CacheContents.of(type)).cache();
    }

    @SuppressWarnings("unchecked") // the map holds under a type only what was made for that type
    private <T extends HasMetadata> Running<T> running(ResourceType<T> type, String selector, ListOptions contents) {
        return (Running<T>) running.computeIfAbsent(new Followed(type, selector), unused -> open(type, contents));
    }

    private <T extends HasMetadata> Running<T> open(ResourceType<T> type, ListOptions contents) {
        boolean whole = type.equals(OtherKinds.POD_DISRUPTION_BUDGETS);
        InformerCache<T> cache = whole ? new InformerCache<>() : new InformerCache<>(SharedInformers::trim);
        return new Running<>(cache, new Informer<>(client, type, "", contents, cache));
    }

    /** Such objects are never written back. */
    private static <T extends HasMetadata> T trim(T object) {
        if (object instanceof GenericKubernetesResource tree) {
            CustomResources.trim(tree);
        }
        return object;
    }

    @Override
    public synchronized void release(ResourceType<?> type) {
        Followed all = new Followed(type, "");
        later.remove(all);
        Optional.ofNullable(running.remove(all)).ifPresent(one -> one.informer().close());
    }

    public synchronized void start() {
        phase = Phase.STARTED;
        awaited().forEach(one -> one.getValue().informer().start());
    }

    private Stream<Map.Entry<Followed, Running<?>>> awaited() {
        return List.copyOf(running.entrySet()).stream().filter(one -> !later.contains(one.getKey()));
    }

    /** Waits until every cache that is not for later holds a complete list; the types that do not are answered. */
    public List<String> awaitSync(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        List<Map.Entry<Followed, Running<?>>> all;
        synchronized (this) {
            all = awaited().toList();
        }
        return all.stream()
                .filter(one -> !one.getValue().informer().awaitSync(Duration.ofNanos(end - System.nanoTime())))
                .map(one -> one.getKey().type().plural())
                .toList();
    }

    /** Begins with the caches that are for later, a moment from now. */
    public void startOthers() {
        starter.start();
    }

    private void startLater() {
        try {
            Thread.sleep(LATER);
            Optional<Running<?>> next = nextLater();
            while (next.isPresent()) {
                // One after the other: they are many, and the first list of each is work for the server.
                next.get().informer().awaitSync(LATER);
                next = nextLater();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<Running<?>> nextLater() {
        Optional<Followed> first = later.stream().findFirst();
        if (first.isEmpty()) {
            phase = Phase.COMPLETE;
            return Optional.empty();
        }
        later.remove(first.get());
        Running<?> one = running.get(first.get());
        one.informer().start();
        return Optional.of(one);
    }

    @Override
    public synchronized void close() {
        later.clear();
        starter.interrupt();
        running.values().forEach(one -> one.informer().close());
    }
}
