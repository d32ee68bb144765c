package dev.keelson.controllers.simulation;

import dev.keelson.controllers.FollowedType;
import dev.keelson.controllers.runtime.CacheContents;
import dev.keelson.controllers.runtime.Informers;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Caches that move one event at a time, each type on its own, when the simulation says so. */
final class SimInformers implements Informers {

    private final FakeApiClient client;
    private final Map<String, FollowedType<?>> followed = new LinkedHashMap<>();

    SimInformers(FakeApiClient client) {
        this.client = client;
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        return cache(type.plural(), type, CacheContents.of(type));
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> selected(ResourceType<T> type, String fieldSelector) {
        return cache(type.plural() + "/" + fieldSelector, type, CacheContents.selected(fieldSelector));
    }

    @SuppressWarnings("unchecked") // the map holds under a name only what was made for that type
    private <T extends HasMetadata> InformerCache<T> cache(String as, ResourceType<T> type, ListOptions contents) {
        return ((FollowedType<T>) followed.computeIfAbsent(as, unused -> new FollowedType<>(client, type, contents)))
                .cache();
    }

    /** Of the kinds that only the garbage collector looks at there is nothing in a simulation: each would be a step that does nothing. */
    @Override
    public <T extends HasMetadata> InformerCache<T> cacheLater(ResourceType<T> type) {
        return type.type() == GenericKubernetesResource.class ? new InformerCache<>() : cache(type);
    }

    void listAll() {
        followed.values().forEach(FollowedType::list);
    }

    List<String> types() {
        return new ArrayList<>(followed.keySet());
    }

    boolean deliver(String type) {
        return followed.get(type).deliver();
    }

    /** Loses the connection: the watch is opened anew from where the cache stands. */
    void disconnect(String type) {
        followed.get(type).disconnect();
    }
}
