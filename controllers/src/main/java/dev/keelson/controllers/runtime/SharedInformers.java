package dev.keelson.controllers.runtime;

import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link Informers} that follow a real API server, each on a virtual thread. */
public final class SharedInformers implements Informers, AutoCloseable {

    /** Known to controllers by their metadata alone: contents, above all those of Secrets, do not come into this process. */
    private static final Set<ResourceType<?>> METADATA_ONLY = Set.of(ResourceType.CONFIG_MAPS, ResourceType.SECRETS);

    private record Running<T extends HasMetadata>(InformerCache<T> cache, Informer<T> informer) {}

    private final ApiClient client;
    private final Map<ResourceType<?>, Running<?>> running = new LinkedHashMap<>();
    private boolean started;

    public SharedInformers(ApiClient client) {
        this.client = client;
    }

    @Override
    @SuppressWarnings("unchecked") // the map holds under a type only what was made for that type
    public synchronized <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        return (InformerCache<T>)
                running.computeIfAbsent(type, unused -> open(type)).cache();
    }

    private <T extends HasMetadata> Running<T> open(ResourceType<T> type) {
        InformerCache<T> cache = new InformerCache<>(SharedInformers::trim);
        ListOptions options = METADATA_ONLY.contains(type) ? ListOptions.ALL_METADATA : ListOptions.ALL;
        Informer<T> informer = new Informer<>(client, type, "", options, cache);
        if (started) {
            // A custom kind that has come while the controllers run.
            informer.start();
        }
        return new Running<>(cache, informer);
    }

    /** Such objects are never written back. */
    private static <T extends HasMetadata> T trim(T object) {
        if (object instanceof GenericKubernetesResource custom) {
            CustomResources.trim(custom);
        }
        return object;
    }

    @Override
    public synchronized void release(ResourceType<?> type) {
        Optional.ofNullable(running.remove(type))
                .ifPresent(one -> one.informer().close());
    }

    public synchronized void start() {
        started = true;
        running.values().forEach(one -> one.informer().start());
    }

    /** Waits until every cache holds a complete list; the types that do not within the limit are answered. */
    public List<String> awaitSync(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        return List.copyOf(running.entrySet()).stream()
                .filter(one -> !one.getValue().informer().awaitSync(Duration.ofNanos(end - System.nanoTime())))
                .map(one -> one.getKey().plural())
                .toList();
    }

    @Override
    public synchronized void close() {
        running.values().forEach(one -> one.informer().close());
    }
}
