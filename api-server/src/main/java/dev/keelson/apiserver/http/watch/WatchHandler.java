package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.verb.ListParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.WatchCache;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * {@code watch}: where it starts follows the resourceVersion semantics of the Kubernetes API: a number resumes exactly
 * behind it, none or 0 begins with what is there.
 */
public final class WatchHandler {
    /** Kubernetes closes watches without a timeout after 30 to 60 minutes, so that they spread over the servers. */
    private static final long SHORTEST_SECONDS = Duration.ofMinutes(30).toSeconds();

    private final Vertx vertx;
    private final WatchCache cache;
    private final Reads reads;
    private final Clock clock;
    private final RandomGenerator random;
    private final WatchMetrics metrics;

    public WatchHandler(
            Vertx vertx, WatchCache cache, Reads reads, Clock clock, RandomGenerator random, WatchMetrics metrics) {
        this.vertx = vertx;
        this.cache = cache;
        this.reads = reads;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
    }

    /** Called on a virtual thread; a refusal here is still a plain answer. */
    public void watch(ApiRequest request, Exchange exchange) {
        ListParameters parameters = ListParameters.parse(request.query(), request.kind());
        check(parameters, request.rendering());
        WatchEventWriter writer = new WatchEventWriter(
                request.kind(),
                parameters,
                request.rendering(),
                TableShape.IncludeObject.parse(request.query().text("includeObject")),
                clock,
                metrics.of(request.kind()));
        InitialEvents initial = initial(request, parameters, writer);
        Duration timeout = timeout(parameters);
        exchange.context().runOnContext(event -> WatchSink.of(exchange, writer.contentType(), WatchStream.QUEUE)
                .onFailure(exchange::fail)
                .onSuccess(sink -> {
                    WatchStream stream =
                            new WatchStream(vertx, exchange, sink, writer, parameters.bookmarks(), initial);
                    stream.open(timeout, () -> subscribe(request, initial.revision(), stream));
                }));
    }

    /** Whoever is shown more than metadata would miss changes of what is shown. */
    private static void check(ListParameters parameters, Rendering rendering) {
        if (parameters.metadataChangesOnly() && rendering.shape() != Rendering.Shape.PARTIAL) {
            throw ApiFailure.badRequest(
                    "metadataChangesOnly is for watches of metadata alone: ask for it with the header"
                            + " \"Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1\"");
        }
    }

    private void subscribe(ApiRequest request, Revision from, WatchStream stream) {
        try {
            stream.attach(cache.subscribe(
                    request.kind().storageGroup(), request.kind().plural(), request.namespace(), from, stream));
        } catch (StorageException e) {
            stream.onClose(e);
        }
    }

    private InitialEvents initial(ApiRequest request, ListParameters parameters, WatchEventWriter writer) {
        Optional<Revision> asked = parameters.revision();
        boolean state = parameters.sendInitialEvents().orElse(asked.isEmpty() || parameters.anyRevision());
        if (asked.isPresent()) {
            reads.awaitRevision(request.kind(), asked.get());
        } else {
            reads.awaitLatest(request.kind());
        }
        if (!state && asked.isPresent() && !parameters.anyRevision()) {
            return new InitialEvents(writer, List.of(), asked.get(), false);
        }
        WatchCache.Snapshot snapshot = reads.list(request.kind(), request.namespace());
        if (!state) {
            return new InitialEvents(writer, List.of(), snapshot.revision(), false);
        }
        return new InitialEvents(
                writer, writer.selected(snapshot.objects()), snapshot.revision(), parameters.marksEndOfInitialEvents());
    }

    private Duration timeout(ListParameters parameters) {
        long seconds = parameters.timeoutSeconds() > 0
                ? parameters.timeoutSeconds()
                : SHORTEST_SECONDS + random.nextLong(SHORTEST_SECONDS);
        return Duration.ofSeconds(seconds);
    }
}
