package dev.keelson.apiserver.http.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.StatusJson;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.verb.ListParameters;
import dev.keelson.apiserver.http.verb.Selection;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes watch events as one client asked for them: selected, shaped, one JSON object a line. */
final class WatchEventWriter {
    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private static final Map<String, byte[]> OPENINGS =
            Map.of("ADDED", opening("ADDED"), "MODIFIED", opening("MODIFIED"), "DELETED", opening("DELETED"));
    private static final byte[] CLOSING = "}\n".getBytes(StandardCharsets.US_ASCII);

    private final ResourceDefinition kind;
    private final Selection selection;
    private final boolean metadataChangesOnly;
    private final Rendering rendering;
    private final TableShape.IncludeObject include;
    private final Clock clock;
    private final WatchMetrics.Sent sent;
    private boolean columnsSent;

    WatchEventWriter(
            ResourceDefinition kind,
            ListParameters parameters,
            Rendering rendering,
            TableShape.IncludeObject include,
            Clock clock,
            WatchMetrics.Sent sent) {
        this.kind = kind;
        this.selection = parameters.selection();
        // Of heartbeats only the newest state is kept: nobody can say what changed since a client that was away saw
        // one.
        this.metadataChangesOnly =
                parameters.metadataChangesOnly() && Sequence.of(kind.group(), kind.plural()) != Sequence.HEARTBEAT;
        this.rendering = rendering;
        this.include = include;
        this.clock = clock;
        this.sent = sent;
    }

    String contentType() {
        return rendering.format().mediaType() + (rendering.shape() == Rendering.Shape.TABLE ? "" : ";stream=watch");
    }

    /** The one name that this watch is about; empty when there is no such restriction. */
    Optional<String> onlyName() {
        return selection.onlyName();
    }

    /** The objects that this watch is about. */
    List<CachedObject> selected(List<CachedObject> objects) {
        return selection.everything()
                ? objects
                : objects.stream().filter(selection::matches).toList();
    }

    /** Appends a present object, for a watch that begins with the state. */
    void added(Buffer out, CachedObject object) {
        append(out, "ADDED", body(object));
    }

    /** The lines that the events are to this client, in parts of which the objects are shared with everybody. */
    List<byte[]> encode(List<WatchEvent> events) {
        List<byte[]> out = new ArrayList<>();
        for (WatchEvent stored : events) {
            WatchEvent event = served(stored);
            word(event).ifPresent(word -> {
                byte[] body = body(event.object());
                sent.event(body);
                out.add(OPENINGS.get(word));
                out.add(body);
                out.add(CLOSING);
            });
        }
        return out;
    }

    /** Whether {@link #encode} waits for nobody. */
    boolean encodesAtOnce() {
        return kind.strategy().servesAtOnce();
    }

    private WatchEvent served(WatchEvent event) {
        if (kind.strategy().servedVerbatim()) {
            return event;
        }
        return new WatchEvent(
                event.type(),
                event.key(),
                event.revision(),
                kind.strategy().served(event.object()),
                event.previous().map(kind.strategy()::served));
    }

    /** @param initialEventsEnd marks that everything present has been sent (KEP-3157) */
    Buffer bookmark(Revision revision, boolean initialEventsEnd) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        ObjectNode metadata = Meta.of(object);
        metadata.put("resourceVersion", revision.toString()).putNull("creationTimestamp");
        if (initialEventsEnd) {
            metadata.putObject("annotations").put(INITIAL_EVENTS_END, "true");
        }
        Buffer out = Buffer.buffer();
        append(out, "BOOKMARK", Trees.bytes(shapedBookmark(object)));
        return out;
    }

    Buffer error(ApiFailure failure) {
        Buffer out = Buffer.buffer();
        append(out, "ERROR", Trees.bytes(StatusJson.failure(failure)));
        return out;
    }

    /**
     * What an event is to a client with selectors: a change that moves an object into its sight adds it, one that moves
     * it out of sight deletes it.
     */
    private Optional<String> word(WatchEvent event) {
        boolean now = selection.matches(event.object());
        boolean before = event.type() != WatchEvent.Type.ADDED
                && event.previous().map(selection::matches).orElse(false);
        return switch (event.type()) {
            case ADDED -> now ? Optional.of("ADDED") : Optional.empty();
            // A deletion is seen by whoever saw the object, also if its last change came with the deletion.
            case DELETED -> now || before ? Optional.of("DELETED") : Optional.empty();
            case MODIFIED -> {
                if (now) {
                    yield before ? modified(event) : Optional.of("ADDED");
                }
                yield before ? Optional.of("DELETED") : Optional.empty();
            }
        };
    }

    /** Nothing when the client has not asked to hear of such a change. */
    private Optional<String> modified(WatchEvent event) {
        return event.previous()
                        .filter(previous -> metadataChangesOnly
                                && MetadataBytes.sayTheSame(
                                        previous.json(), event.object().json()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("MODIFIED");
    }

    private byte[] body(CachedObject object) {
        if (rendering.shape() != Rendering.Shape.TABLE) {
            return new ObjectShapes(kind, rendering, include).one(object, clock.instant());
        }
        // Kubernetes sends the columns once: with the first row of the stream.
        ObjectNode table = new TableShape(kind, rendering.apiVersion(), include)
                .table(List.of(object), clock.instant(), !columnsSent);
        columnsSent = true;
        table.putObject("metadata").put("resourceVersion", object.revision().toString());
        return Trees.bytes(table);
    }

    private ObjectNode shapedBookmark(ObjectNode object) {
        return switch (rendering.shape()) {
            case OBJECT -> object;
            case PARTIAL -> ObjectShapes.partial(object, rendering.apiVersion());
            case TABLE -> {
                ObjectNode table =
                        new TableShape(kind, rendering.apiVersion(), include).table(List.of(), clock.instant(), false);
                table.set("metadata", object.path("metadata"));
                yield table;
            }
        };
    }

    private void append(Buffer out, String type, byte[] object) {
        sent.event(object);
        out.appendBytes(opening(type)).appendBytes(object).appendBytes(CLOSING);
    }

    private static byte[] opening(String type) {
        return ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    }
}
