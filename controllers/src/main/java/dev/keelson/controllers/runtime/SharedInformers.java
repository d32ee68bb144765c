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

    /** Known to controllers by their metadata alone: contents, above all those of Secrets, do not come into this process. */
    private static final Set<ResourceType<?>> METADATA_ONLY =
            Set.of(ResourceType.CONFIG_MAPS, ResourceType.SECRETS, ResourceType.LEASES);

    /** Trees that a controller reads more of than metadata. */
    private static final Set<ResourceType<?>> TREES =
            Set.of(CustomResources.DEFINITIONS, OtherKinds.POD_DISRUPTION_BUDGETS);

    private record Running<T extends HasMetadata>(InformerCache<T> cache, Informer<T> informer) {}

    private enum Phase {
        NEW,
        STARTED,
        COMPLETE
    }

    private final ApiClient client;
    private final Map<ResourceType<?>, Running<?>> running = new LinkedHashMap<>();
    private final Set<ResourceType<?>> later = new HashSet<>();
    private final Thread starter = Thread.ofVirtual().name("informers-later").unstarted(this::startLater);
    private Phase phase = Phase.NEW;

    public SharedInformers(ApiClient client) {
        this.client = client;
    }

    @Override
    public synchronized <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        boolean waited = later.remove(type);
        boolean known = running.containsKey(type);
        Running<T> one = running(type);
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
        if (!running.containsKey(type)) {
            later.add(type);
        }
        return running(type).cache();
    }

    @SuppressWarnings("unchecked") // the map holds under a type only what was made for that type
    private <T extends HasMetadata> Running<T> running(ResourceType<T> type) {
        return (Running<T>) running.computeIfAbsent(type, unused -> open(type));
    }

    private <T extends HasMetadata> Running<T> open(ResourceType<T> type) {
        boolean whole = type.equals(OtherKinds.POD_DISRUPTION_BUDGETS);
        InformerCache<T> cache = whole ? new InformerCache<>() : new InformerCache<>(SharedInformers::trim);
        ListOptions options = metadataOnly(type) ? ListOptions.ALL_METADATA : ListOptions.ALL;
        return new Running<>(cache, new Informer<>(client, type, "", options, cache));
    }

    private static boolean metadataOnly(ResourceType<?> type) {
        boolean tree = type.type() == GenericKubernetesResource.class;
        return METADATA_ONLY.contains(type) || tree && !TREES.contains(type);
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
        later.remove(type);
        Optional.ofNullable(running.remove(type))
                .ifPresent(one -> one.informer().close());
    }

    public synchronized void start() {
        phase = Phase.STARTED;
        awaited().forEach(one -> one.getValue().informer().start());
    }

    private Stream<Map.Entry<ResourceType<?>, Running<?>>> awaited() {
        return List.copyOf(running.entrySet()).stream().filter(one -> !later.contains(one.getKey()));
    }

    /** Waits until every cache that is not for later holds a complete list; the types that do not are answered. */
    public List<String> awaitSync(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        List<Map.Entry<ResourceType<?>, Running<?>>> all;
        synchronized (this) {
            all = awaited().toList();
        }
        return all.stream()
                .filter(one -> !one.getValue().informer().awaitSync(Duration.ofNanos(end - System.nanoTime())))
                .map(one -> one.getKey().plural())
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
        Optional<ResourceType<?>> type = later.stream().findFirst();
        if (type.isEmpty()) {
            phase = Phase.COMPLETE;
            return Optional.empty();
        }
        later.remove(type.get());
        Running<?> one = running.get(type.get());
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
