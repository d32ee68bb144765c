package dev.keelson.node.status;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.pod.PodEvents;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.status.EventBook.Entry;
import dev.keelson.node.status.EventBook.Note;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes Kubernetes Events as component {@code kubelet}, one thread for all. Repeats become a count on the first event.
 * Events are news, not state: when the API server is away or too many wait, they are dropped.
 */
public final class EventRecorder implements PodEvents, AutoCloseable {
    private static final Logger LOG = System.getLogger(EventRecorder.class.getName());
    private static final int MOST_WAITING = 1000;
    /** Telling of a start must not take the processor from it. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(1);

    private static final int LONGEST_MESSAGE = 1024;

    private final ApiClient api;
    private final String nodeName;
    private final InstantSource clock;
    private final EventBook book = new EventBook();
    private final BlockingQueue<Note> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Thread writer;
    private volatile boolean closed;

    public EventRecorder(ApiClient api, String nodeName, InstantSource clock) {
        this.api = api;
        this.nodeName = nodeName;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("events").start(this::write);
    }

    @Override
    public void normal(DesiredPod pod, String container, String reason, String message) {
        record("Normal", aboutPod(pod, container), reason, message);
    }

    @Override
    public void warning(DesiredPod pod, String container, String reason, String message) {
        record("Warning", aboutPod(pod, container), reason, message);
    }

    /** An event about the node itself. */
    public void node(String type, String reason, String message) {
        record(
                type,
                new ObjectReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(nodeName)
                        .withUid(nodeName)
                        .withNamespace("default")
                        .build(),
                reason,
                message);
    }

    private void record(String type, ObjectReference about, String reason, String message) {
        String text = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE - 3) + "..." : message;
        boolean taken = waiting.offer(new Note(about, type, reason, text, clock.instant()));
        if (!taken) {
            LOG.log(Level.DEBUG, "event dropped reason={0} message=\"{1}\"", reason, text);
        }
    }

    private static ObjectReference aboutPod(DesiredPod pod, String container) {
        String list = pod.container(container)
                .map(found -> switch (found.role()) {
                    case INIT, SIDECAR -> "spec.initContainers{%s}";
                    case EPHEMERAL -> "spec.ephemeralContainers{%s}";
                    case MAIN -> "spec.containers{%s}";
                })
                .orElse("spec.containers{%s}");
        return new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(pod.namespace())
                .withName(pod.name())
                .withUid(pod.uid())
                .withFieldPath(container.isEmpty() ? null : list.formatted(container))
                .build();
    }

    private void write() {
        for (Optional<Note> next = next(); next.isPresent(); next = next()) {
            write(next.get());
        }
    }

    /** The next one when its time has come; once this is closed, what waits already, at once. */
    private Optional<Note> next() {
        if (closed) {
            return Optional.ofNullable(waiting.poll());
        }
        Note note;
        try {
            note = waiting.take();
        } catch (InterruptedException closing) {
            return Optional.ofNullable(waiting.poll());
        }
        try {
            Thread.sleep(Duration.between(clock.instant(), note.at().plus(PAUSE)));
        } catch (InterruptedException closing) {
            LOG.log(Level.DEBUG, "writing the events that wait");
        }
        return Optional.of(note);
    }

    private void write(Note note) {
        switch (book.place(note)) {
            case EventBook.New(Entry entry) -> send(() -> api.create(ResourceType.EVENTS, event(note, entry)));
            case EventBook.Repeat(Entry entry) -> send(() -> count(note, entry));
            case EventBook.TooMany _ ->
                LOG.log(Level.DEBUG, "event over the limit reason={0} message=\"{1}\"", note.reason(), note.message());
        }
    }

    private void send(Runnable request) {
        try {
            request.run();
        } catch (ApiException refused) {
            LOG.log(Level.DEBUG, "event not written kind={0} message=\"{1}\"", refused.kind(), refused.getMessage());
        } catch (RuntimeException unexpected) {
            // Whatever is odd about one of them: the others of the node go through this thread too.
            LOG.log(Level.WARNING, "event not written", unexpected);
        }
    }

    private void count(Note note, Entry entry) {
        String patch = "{\"count\":%d,\"lastTimestamp\":\"%s\"}".formatted(entry.count(), time(note.at()));
        try {
            api.patch(
                    ResourceType.EVENTS,
                    note.about().getNamespace(),
                    entry.name(),
                    "",
                    PatchType.MERGE,
                    patch.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
            api.create(ResourceType.EVENTS, event(note, entry)); // It has expired meanwhile.
        }
    }

    private Event event(Note note, Entry entry) {
        return new EventBuilder()
                .withNewMetadata()
                .withName(entry.name())
                .withNamespace(note.about().getNamespace())
                .endMetadata()
                .withInvolvedObject(note.about())
                .withType(note.type())
                .withReason(note.reason())
                .withMessage(note.message())
                .withCount(entry.count())
                .withFirstTimestamp(time(entry.first()))
                .withLastTimestamp(time(note.at()))
                .withNewSource()
                .withComponent("kubelet")
                .withHost(nodeName)
                .endSource()
                .withReportingComponent("kubelet")
                .withReportingInstance(nodeName)
                .build();
    }

    private static String time(Instant at) {
        return Timestamps.seconds(at);
    }

    /** Writes what waits, as far as a moment allows. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            if (!writer.join(LONGEST_FAREWELL)) {
                writer.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
