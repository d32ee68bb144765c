package dev.keelson.controllers;

import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.runtime.CacheContents;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.controllers.runtime.EventRecorder;
import dev.keelson.controllers.runtime.Fanout;
import dev.keelson.controllers.runtime.Informers;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.fake.FakeApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One controller over an in-memory server and a clock of its own: what its caches hear of is seen at once, time passes on request. */
public final class TestWorld implements Informers {
    private final ManualClock clock = new ManualClock();
    private final FakeApiServer server = new FakeApiServer(clock);
    private final FakeApiClient client = server.client();
    private final Map<String, FollowedType<?>> caches = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();

    public FakeApiClient client() {
        return client;
    }

    /** The reasons and messages of the events so far. */
    public List<String> events() {
        return events;
    }

    public <K> ControllerLoop<K> start(Function<ControllerContext, Controller<K>> controller) {
        ControllerContext context = new ControllerContext(client, this, clock, new Recorder(), Fanout.SEQUENTIAL);
        ControllerLoop<K> loop = new ControllerLoop<>(controller.apply(context), clock);
        return loop;
    }

    /** Lets the controller work until it has nothing to do at this moment. */
    public void settle(ControllerLoop<?> loop) {
        refresh();
        while (loop.step()) {
            refresh();
        }
    }

    /** Lets time pass, looking at the controller every second. */
    public void pass(Duration time, ControllerLoop<?> loop) {
        for (Duration left = time; left.isPositive(); left = left.minusSeconds(1)) {
            clock.advance(Duration.ofSeconds(1));
            settle(loop);
        }
    }

    public Instant now() {
        return clock.instant();
    }

    private void refresh() {
        // A controller may ask for one more while it hears of what is in another.
        List.copyOf(caches.values()).forEach(FollowedType::catchUp);
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> cache(ResourceType<T> type) {
        return cache(CustomResources.qualified(type), type, CacheContents.of(type));
    }

    @Override
    public <T extends HasMetadata> InformerCache<T> selected(ResourceType<T> type, String fieldSelector) {
        return cache(
                CustomResources.qualified(type) + "/" + fieldSelector, type, CacheContents.selected(fieldSelector));
    }

    @SuppressWarnings("unchecked") // a cache is only filed under the type that it was made for
    private <T extends HasMetadata> InformerCache<T> cache(String as, ResourceType<T> type, ListOptions contents) {
        return ((FollowedType<T>) caches.computeIfAbsent(as, unused -> new FollowedType<>(client, type, contents)))
                .cache();
    }

    private final class Recorder implements EventRecorder {
        @Override
        public void normal(HasMetadata about, String reason, String message) {
            events.add(reason + ": " + message);
        }

        @Override
        public void warning(HasMetadata about, String reason, String message) {
            events.add(reason + ": " + message);
        }
    }
}
