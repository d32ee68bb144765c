package dev.keelson.controllers.cleanup;

import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Deletes events that are older than their lifetime. They are listed when it is time, not watched: nobody here reads them. */
public final class EventTtlController implements Controller<ObjectKey> {
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final ObjectKey ALL = new ObjectKey("", "all");

    private final ControllerContext context;
    private final Duration lifetime;

    public EventTtlController(ControllerContext context, Duration lifetime) {
        this.context = context;
        this.lifetime = lifetime;
    }

    @Override
    public String name() {
        return "eventttl";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        enqueue.accept(ALL);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Instant oldest = context.clock().instant().minus(lifetime);
        context.client().list(ResourceType.EVENTS, "", ListOptions.ALL).items().stream()
                .filter(event -> lastSeen(event).isBefore(oldest))
                .forEach(this::delete);
        return Outcome.after(PERIOD);
    }

    /** Old and new style events carry their time in different fields; one without any counts from its creation. */
    private static Instant lastSeen(Event event) {
        return Times.parse(event.getLastTimestamp())
                .or(() -> Optional.ofNullable(event.getEventTime()).flatMap(time -> Times.parse(time.getTime())))
                .or(() -> Times.parse(event.getMetadata().getCreationTimestamp()))
                .orElse(Instant.MAX);
    }

    private void delete(Event event) {
        try {
            context.client()
                    .delete(
                            ResourceType.EVENTS,
                            event.getMetadata().getNamespace(),
                            event.getMetadata().getName(),
                            DeleteOptions.BACKGROUND.withUid(event.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND && refused.kind() != ApiException.Kind.CONFLICT) {
                throw refused;
            }
        }
    }
}
