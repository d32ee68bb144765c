package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes events in the background. An event that repeats (same object, reason and message) raises the count of the first one,
 * as Kubernetes does, instead of filling the store. Under a flood new events are dropped: they are hints, not state.
 */
public final class ApiEventRecorder implements EventRecorder, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ApiEventRecorder.class.getName());
    private static final int LONGEST_QUEUE = 1000;
    private static final int REMEMBERED = 500;

    private record Subject(String uid, String reason, String message) {}

    private final ApiClient client;
    private final InstantSource clock;
    private final String component;
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>(LONGEST_QUEUE);
    private final Map<Subject, Event> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Event> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Thread writer;

    public ApiEventRecorder(ApiClient client, InstantSource clock, String component) {
        this.client = client;
        this.clock = clock;
        this.component = component;
        this.writer = Thread.ofVirtual().name("events").start(this::run);
    }

    @Override
    public void normal(HasMetadata about, String reason, String message) {
        enqueue("Normal", about, reason, message);
    }

    @Override
    public void warning(HasMetadata about, String reason, String message) {
        enqueue("Warning", about, reason, message);
    }

    private void enqueue(String type, HasMetadata about, String reason, String message) {
        Instant now = clock.instant();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String namespace = about.getMetadata().getNamespace();
        boolean accepted = queue.offer(new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace == null ? "default" : namespace)
                .withName(about.getMetadata().getName() + "." + Long.toHexString(nanos(now)))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withNewSource()
                .withComponent(component)
                .endSource()
                .withReportingComponent(component)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build());
        if (!accepted) {
            LOG.log(System.Logger.Level.WARNING, "dropped event reason=%s about=%s".formatted(reason, about));
        }
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    private void run() {
        try {
            while (true) {
                write(queue.take());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Event event) {
        Subject subject = new Subject(event.getInvolvedObject().getUid(), event.getReason(), event.getMessage());
        try {
            Event known = recent.get(subject);
            recent.put(subject, known == null ? create(event) : repeat(known, event));
        } catch (ApiException refused) {
            recent.remove(subject);
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return; // the earlier event has expired, or the namespace is gone
            }
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "cannot write event reason=%s cause=%s".formatted(event.getReason(), refused.getMessage()));
        }
    }

    private Event create(Event event) {
        return client.create(ResourceType.EVENTS, event);
    }

    private Event repeat(Event known, Event again) {
        return client.update(
                ResourceType.EVENTS,
                new EventBuilder(known)
                        .editMetadata()
                        .withResourceVersion(null)
                        .endMetadata()
                        .withCount(known.getCount() + 1)
                        .withLastTimestamp(again.getLastTimestamp())
                        .build());
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
