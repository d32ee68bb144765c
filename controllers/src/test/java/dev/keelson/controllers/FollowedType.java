package dev.keelson.controllers;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.WatchEvent;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeWatch;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** A cache that follows the server as an informer does, one event at a time and when it is told to. */
public final class FollowedType<T extends HasMetadata> {
    private final FakeApiClient client;
    private final ResourceType<T> type;
    private final ListOptions contents;
    private final InformerCache<T> cache = new InformerCache<>();
    private Optional<FakeWatch<T>> watch = Optional.empty();

    public FollowedType(FakeApiClient client, ResourceType<T> type, ListOptions contents) {
        this.client = client;
        this.type = type;
        this.contents = contents;
    }

    public InformerCache<T> cache() {
        return cache;
    }

    public void list() {
        cache.replace(client.list(type, "", contents));
        watch = Optional.empty();
    }

    /** Delivers one event; false when there is none. */
    public boolean deliver() {
        if (watch.filter(open -> !open.over()).isEmpty()) {
            try {
                watch = Optional.of(client.watch(type, "", contents, Long.toString(cache.revision())));
            } catch (ApiException expired) {
                list();
                return true;
            }
        }
        Optional<WatchEvent<T>> event = watch.get().poll();
        event.ifPresent(cache::apply);
        return event.isPresent();
    }

    /** Delivers all that there is. */
    public void catchUp() {
        if (!cache.synced()) {
            list();
        }
        boolean more = true;
        while (more) {
            more = deliver();
        }
    }

    /** Loses the connection: the watch is opened anew from where the cache stands. */
    public void disconnect() {
        watch = Optional.empty();
    }
}
