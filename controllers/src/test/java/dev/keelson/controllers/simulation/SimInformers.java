package dev.keelson.controllers.simulation;

import dev.keelson.controllers.runtime.Informers;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.WatchEvent;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeWatch;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Caches that move one event at a time, each type on its own, when the simulation says so. */
final class SimInformers implements Informers {

    private static final class Followed<T extends HasMetadata> {
        private final FakeApiClient client;
        private final ResourceType<T> type;
        private final InformerCache<T> cache = new InformerCache<>();
        private Optional<FakeWatch<T>> watch = Optional.empty();

        Followed(FakeApiClient client, ResourceType<T> type) {
            this.client = client;
            this.type = type;
        }

        void list() {
            cache.replace(client.list(type, "", ListOptions.ALL));
            watch = Optional.empty();
        }

        /** Delivers one event; false when there is none. */
        boolean deliver() {
            if (watch.filter(open -> !open.over()).isEmpty()) {
                try {
                    watch = Optional.of(client.watch(type, "", ListOptions.ALL, Long.toString(cache.revision())));
                } catch (ApiException expired) {
                    list();
                    return true;
                }
            }
            Optional<WatchEvent<T>> event = watch.get().poll();
            event.ifPresent(cache::apply);
            return event.isPresent();
        }
    }

    private final FakeApiClient client;
    private final Map<String, Followed<?>> followed = new LinkedHashMap<>();

    SimInformers(FakeApiClient client) {
        this.client = client;
    }

    @Override
    @SuppressWarnings("unchecked") // the map holds under a type only what was made for that type
    public <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        return ((Followed<T>) followed.computeIfAbsent(type.plural(), unused -> new Followed<>(client, type))).cache;
    }

    /** Of the kinds that only the garbage collector looks at there is nothing in a simulation: each would be a step that does nothing. */
    @Override
    public <T extends HasMetadata> InformerCache<T> cacheLater(ResourceType<T> type) {
        return type.type() == GenericKubernetesResource.class ? new InformerCache<>() : cache(type);
    }

    void listAll() {
        followed.values().forEach(Followed::list);
    }

    List<String> types() {
        return new ArrayList<>(followed.keySet());
    }

    boolean deliver(String type) {
        return followed.get(type).deliver();
    }

    /** Loses the connection: the watch is opened anew from where the cache stands. */
    void disconnect(String type) {
        followed.get(type).watch = Optional.empty();
    }
}
