package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.Companion;
import dev.keelson.apiserver.http.component.ComponentStatuses;
import dev.keelson.apiserver.http.past.PastHandler;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.http.request.PublishedSchemas;
import dev.keelson.apiserver.http.request.StreamHandler;
import dev.keelson.apiserver.http.transaction.Transactions;
import dev.keelson.apiserver.http.verb.BindingKind;
import dev.keelson.apiserver.http.verb.ComputedHandler;
import dev.keelson.apiserver.http.verb.CreatePermission;
import dev.keelson.apiserver.http.verb.DeleteHandler;
import dev.keelson.apiserver.http.verb.EvictionHandler;
import dev.keelson.apiserver.http.verb.ListHandler;
import dev.keelson.apiserver.http.verb.PatchEngine;
import dev.keelson.apiserver.http.verb.PatchHandler;
import dev.keelson.apiserver.http.verb.ReadHandler;
import dev.keelson.apiserver.http.verb.ScaleHandler;
import dev.keelson.apiserver.http.verb.SubresourceHandler;
import dev.keelson.apiserver.http.verb.TokenHandler;
import dev.keelson.apiserver.http.verb.VerbDispatch;
import dev.keelson.apiserver.http.verb.WriteHandler;
import dev.keelson.apiserver.http.watch.WatchHandler;
import dev.keelson.apiserver.http.watch.WatchMetrics;
import dev.keelson.apiserver.metrics.MetricsKinds;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.registry.ComputedKind;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.ReviewKind;
import dev.keelson.apiserver.registry.UnstoredKind;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.WatchCache;
import io.netty.channel.Channel;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/** The API server's parts, put together. One instance answers every request of one process. */
public final class ApiServer {

    /** What the parts are made of. */
    public record Parts(
            Vertx vertx,
            Clock clock,
            Storage storage,
            History history,
            WatchCache cache,
            ResourceRegistry registry,
            AuthParts auth,
            Admission admission,
            Companion companion,
            Schemas schemas,
            StreamHandler streams,
            MetricsKinds metrics) {}

    private final Vertx vertx;
    private final ObjectStore store;
    private final FilterChain chain;
    private final Executor virtualThreads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());

    /** @param paths who answers paths that are no resources; asked in order */
    public ApiServer(Parts parts, CollectorRegistry metrics, List<PathHandler> paths) {
        this.vertx = parts.vertx();
        SecureRandom random = new SecureRandom();
        Clock clock = parts.clock();
        Reads reads = new Reads(parts.cache());
        Function<Storage, ObjectStore> stores = storage -> new ObjectStore(
                storage,
                reads,
                parts.admission(),
                parts.companion(),
                new ManagedFields(parts.schemas()),
                clock,
                random);
        this.store = stores.apply(parts.storage());
        ObjectBodies bodies = new ObjectBodies(new PublishedSchemas(parts.schemas()));
        PatchEngine engine = new PatchEngine(parts.schemas(), clock);
        CreatePermission creation = new CreatePermission(parts.auth().authorizer());
        ListHandler lists = new ListHandler(reads, parts.history(), clock);
        Function<ObjectStore, VerbDispatch> verbs = over -> {
            PatchHandler patches = new PatchHandler(over, bodies, engine, creation);
            return new VerbDispatch(
                    new ReadHandler(reads, clock),
                    lists,
                    new WriteHandler(over, bodies, patches, creation, clock),
                    new DeleteHandler(over, bodies, lists, clock),
                    new ScaleHandler(over, bodies, patches, clock),
                    new SubresourceHandler(over, bodies, clock),
                    new EvictionHandler(over, parts.registry(), bodies, clock),
                    new TokenHandler(
                            reads, bodies, parts.registry(), parts.auth().accounts(), clock));
        };
        ApiHandler handler = new ApiHandler(
                parts.registry(),
                parts.auth().reviews(),
                verbs.apply(store),
                new WatchHandler(vertx, parts.cache(), reads, clock, random, new WatchMetrics(metrics)),
                bodies,
                parts.streams(),
                answered(
                        new ComputedHandler(lists, clock),
                        parts.metrics().kinds(),
                        Map.of(
                                UnstoredKind.created(Transactions.KIND),
                                new Transactions(
                                        parts.storage(),
                                        reads,
                                        parts.registry(),
                                        parts.auth().authorizer(),
                                        bodies,
                                        stores.andThen(verbs))::answer,
                                UnstoredKind.created(BindingKind.KIND),
                                new BindingKind(parts.registry(), bodies, new SubresourceHandler(store, bodies, clock))
                                        ::create,
                                ComponentStatuses.KIND,
                                new ComponentStatuses(parts.cache(), parts.storage(), lists, clock)::answer)),
                new PastHandler(parts.storage(), parts.history(), lists, clock),
                paths);
        AuthMetrics authMetrics = new AuthMetrics(metrics);
        this.chain = new FilterChain(
                List.of(
                        Filters.requestInfo(),
                        new RequestMetrics(
                                metrics, parts.registry(), unstored(parts.auth().reviews()), clock),
                        Filters.audit(clock),
                        AuthFilters.authentication(
                                parts.auth().certificates(),
                                parts.auth().tokens(),
                                parts.auth().accounts().issuer(),
                                authMetrics),
                        AuthFilters.impersonation(parts.auth().authorizer()),
                        AuthFilters.authorization(parts.auth().authorizer(), authMetrics),
                        new FlowControl()),
                handler::handle);
    }

    /** The kinds that are served and not stored. */
    public static List<UnstoredKind> unstored(List<ReviewKind> reviews) {
        Stream<UnstoredKind> created = Stream.concat(
                        reviews.stream().map(ReviewKind::definition), Stream.of(Transactions.KIND, BindingKind.KIND))
                .map(UnstoredKind::created);
        return Stream.concat(
                        created, Stream.of(ComponentStatuses.KIND, MetricsKinds.NODE_METRICS, MetricsKinds.POD_METRICS))
                .toList();
    }

    private static Map<UnstoredKind, ApiHandler.Answering> answered(
            ComputedHandler handler, List<ComputedKind> computed, Map<UnstoredKind, ApiHandler.Answering> others) {
        Map<UnstoredKind, ApiHandler.Answering> all = new HashMap<>(others);
        computed.forEach(kind -> all.put(kind.kind(), request -> handler.answer(request, kind.source())));
        return all;
    }

    /** Writes as the server itself. */
    public ObjectStore store() {
        return store;
    }

    /** All but a connection's first request find it done. */
    private static void tune(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        RecordBuffers.install(channel);
        if (request.version() == HttpVersion.HTTP_2) {
            SharedFlushes.install(channel);
        }
    }

    /** Answers one request; called on its event loop. */
    public void handle(HttpServerRequest request) {
        tune(request);
        chain.handle(new Exchange(request, vertx.getOrCreateContext(), virtualThreads));
    }
}
