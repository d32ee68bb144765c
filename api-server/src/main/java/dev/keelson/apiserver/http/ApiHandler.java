package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.past.PastHandler;
import dev.keelson.apiserver.http.reply.Negotiation;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.YamlOutput;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.PathHandler;
import dev.keelson.apiserver.http.request.PathHandler.PathRequest;
import dev.keelson.apiserver.http.request.RequestBody;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.http.request.StreamHandler;
import dev.keelson.apiserver.http.request.Subresources;
import dev.keelson.apiserver.http.request.TimeView;
import dev.keelson.apiserver.http.verb.VerbDispatch;
import dev.keelson.apiserver.http.watch.WatchHandler;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.ReviewKind;
import dev.keelson.apiserver.registry.UnstoredKind;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stands behind the filters: finds the kind or path, reads the body, and hands over to a virtual thread. */
final class ApiHandler {
    private static final Set<Subresource> STREAMED = EnumSet.of(
            Subresource.LOG, Subresource.EXEC, Subresource.ATTACH, Subresource.PORTFORWARD, Subresource.PROXY);
    private static final Set<String> ACROSS_NAMESPACES = Set.of("list", "watch");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final ResourceRegistry registry;
    private final List<ReviewKind> reviews;
    private final VerbDispatch verbs;
    private final WatchHandler watches;
    private final ObjectBodies bodies;
    private final StreamHandler streams;
    private final Map<UnstoredKind, Answering> unstored;
    private final PastHandler history;
    private final List<PathHandler> paths;
    private final Set<String> groups;

    ApiHandler(
            ResourceRegistry registry,
            List<ReviewKind> reviews,
            VerbDispatch verbs,
            WatchHandler watches,
            ObjectBodies bodies,
            StreamHandler streams,
            Map<UnstoredKind, Answering> unstored,
            PastHandler history,
            List<PathHandler> paths) {
        this.registry = registry;
        this.reviews = List.copyOf(reviews);
        this.verbs = verbs;
        this.watches = watches;
        this.bodies = bodies;
        this.streams = streams;
        this.unstored = Map.copyOf(unstored);
        this.history = history;
        this.paths = List.copyOf(paths);
        this.groups = Stream.of(
                        registry.all().stream().filter(kind -> kind.strategy().isBuiltIn()),
                        reviews.stream().map(ReviewKind::definition),
                        unstored.keySet().stream().map(UnstoredKind::definition))
                .flatMap(kinds -> kinds)
                .map(ResourceDefinition::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    void handle(Exchange exchange) {
        RequestInfo info = exchange.info();
        if (!info.isResource()) {
            path(exchange);
            return;
        }
        Optional<ResourceDefinition> kind = registry.find(info.group(), info.version(), info.resource());
        // Nearly all requests are about what is stored; a custom kind takes the place of none of the others.
        boolean builtIn = kind.filter(found -> found.strategy().isBuiltIn()).isPresent();
        if (builtIn || !answeredUnstored(exchange)) {
            stored(exchange, kind.orElseThrow(() -> notServed(info.path())));
        }
    }

    /** Answers what leads to no stored kind; false when this does. */
    private boolean answeredUnstored(Exchange exchange) {
        RequestInfo info = exchange.info();
        Optional<ReviewKind> review = review(info);
        if (review.isPresent()) {
            withBody(exchange, review.get().definition(), request -> answerReview(request, review.get()));
            return true;
        }
        Optional<Map.Entry<UnstoredKind, Answering>> answered = unstored(info);
        if (answered.isEmpty()) {
            return false;
        }
        UnstoredKind kind = answered.get().getKey();
        if (!(exchange.view() instanceof TimeView.Present)) {
            // Whoever browses the past must neither write into the present nor take it for the past.
            throw ApiFailure.methodNotAllowed(kind.definition(), info.verb());
        }
        withBody(exchange, kind.definition(), answered.get().getValue());
        return true;
    }

    private void stored(Exchange exchange, ResourceDefinition kind) {
        RequestInfo info = exchange.info();
        checkScope(kind, info);
        if (!(exchange.view() instanceof TimeView.Present)) {
            withBody(exchange, kind, request -> answerFrom(request, exchange.view()));
            return;
        }
        Optional<Subresource> part = Subresources.parse(kind, info.name(), info.subresource());
        if (part.filter(STREAMED::contains).isPresent()) {
            streams.stream(exchange, kind, part.get());
            return;
        }
        checkMethod(exchange, kind);
        if (info.verb().equals("watch")) {
            if (part.isPresent()) {
                throw ApiFailure.noSuchResource();
            }
            watch(exchange, kind);
        } else {
            withBody(exchange, kind, verbs::handle);
        }
    }

    /** Until the custom kinds are known, nobody may be told that one does not exist. */
    private ApiFailure notServed(String path) {
        return registry.complete()
                ? nowhere(path)
                : ApiFailure.unavailable("the server has not yet read which custom resources it serves");
    }

    /** Kubernetes' own groups, and the roots of the API, say in a Status what is not there; all else is no page. */
    private ApiFailure nowhere(String path) {
        String[] parts = path.replaceAll("^/+", "").split("/+", 3);
        boolean ofOurs =
                switch (parts[0]) {
                    case "api", "version" -> true;
                    case "apis" -> parts.length > 1 && groups.contains(parts[1]);
                    default -> false;
                };
        return ofOurs ? ApiFailure.noSuchResource() : ApiFailure.noSuchPath();
    }

    /** An answer that needs the whole request. */
    interface Answering {
        Reply answer(ApiRequest request);
    }

    private void withBody(Exchange exchange, ResourceDefinition kind, Answering answering) {
        RequestBody.read(exchange.request())
                .onFailure(exchange::fail)
                .onSuccess(body -> exchange.onVirtualThread(() -> {
                    ApiRequest request = request(exchange, kind, body);
                    Reply reply = answering.answer(request);
                    exchange.reply(inFormat(told(request, reply), request.rendering()));
                }));
    }

    /** Handlers need not pass on what was found in the request itself. */
    private static Reply told(ApiRequest request, Reply reply) {
        List<String> all = new ArrayList<>(request.warnings());
        all.addAll(reply.warnings());
        return reply.withWarnings(all);
    }

    private Reply answerFrom(ApiRequest request, TimeView view) {
        return switch (view) {
            case TimeView.Present present -> verbs.handle(request);
            case TimeView.Past past -> history.past(request, past);
            case TimeView.Changes changes -> history.changes(request);
        };
    }

    private void watch(Exchange exchange, ResourceDefinition kind) {
        if (!exchange.header("Upgrade").isEmpty()) {
            // A request that has been read to its end can no longer become a WebSocket.
            exchange.request().pause();
        }
        exchange.onVirtualThread(() -> watches.watch(request(exchange, kind, new byte[0]), exchange));
    }

    private void path(Exchange exchange) {
        String method = exchange.request().method().name();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        PathRequest request = new PathRequest(
                exchange.info().path(),
                exchange.query(),
                exchange.header("Accept"),
                exchange.header("If-None-Match"),
                exchange.header("Accept-Encoding").contains("gzip"));
        exchange.onVirtualThread(() -> {
            for (PathHandler handler : paths) {
                Optional<Reply> answer = handler.answer(request);
                if (answer.isPresent()) {
                    exchange.reply(reads ? answer.get() : Reply.failure(ApiFailure.methodNotAllowed()));
                    return;
                }
            }
            throw nowhere(request.path());
        });
    }

    private Reply answerReview(ApiRequest request, ReviewKind review) {
        if (!request.info().verb().equals("create")) {
            throw ApiFailure.methodNotAllowed(request.kind(), request.info().verb());
        }
        ObjectNode question = bodies.plain(
                request, request.kind().apiVersion(), request.kind().kind());
        if (request.kind().namespaced()) {
            Meta.of(question).put("namespace", request.info().namespace());
        }
        ObjectNode answer = review.review().answer(request.user(), question);
        // Nothing is made, and Kubernetes says so.
        Meta.of(answer).putNull("creationTimestamp");
        return Reply.json(201, answer);
    }

    private Optional<ReviewKind> review(RequestInfo info) {
        return reviews.stream()
                .filter(review -> review.definition().group().equals(info.group())
                        && review.definition().version().equals(info.version())
                        && review.definition().plural().equals(info.resource()))
                .findFirst();
    }

    private Optional<Map.Entry<UnstoredKind, Answering>> unstored(RequestInfo info) {
        return unstored.entrySet().stream()
                .filter(one -> one.getKey().is(info.group(), info.version(), info.resource()))
                .findFirst();
    }

    private ApiRequest request(Exchange exchange, ResourceDefinition kind, byte[] body) {
        String accept = exchange.header("Accept");
        // A review is no stored object: it has no metadata worth a Table.
        boolean transformable = !kind.columns().isEmpty()
                || registry.find(kind.group(), kind.version(), kind.plural()).isPresent();
        return new ApiRequest(
                exchange.info(),
                kind,
                exchange.user(),
                exchange.query(),
                exchange.info().verb().equals("watch")
                        ? Negotiation.chooseStream(accept, transformable)
                        : Negotiation.choose(accept, transformable),
                exchange.header("Content-Type"),
                exchange.header("User-Agent"),
                body);
    }

    private static Reply inFormat(Reply reply, Rendering rendering) {
        return switch (rendering.format()) {
            case JSON -> reply;
            case YAML -> YamlOutput.of(reply);
        };
    }

    /** A namespaced object has a namespace in its path, and no other object has. */
    private static void checkScope(ResourceDefinition kind, RequestInfo info) {
        boolean namespaceItself = kind.group().isEmpty() && kind.plural().equals("namespaces");
        boolean lacking = kind.namespaced() && info.namespace().isEmpty() && !ACROSS_NAMESPACES.contains(info.verb());
        boolean needless = !kind.namespaced() && !info.namespace().isEmpty() && !namespaceItself;
        if (lacking || needless) {
            if (!kind.strategy().isBuiltIn()) {
                throw ApiFailure.noSuchPath();
            }
            throw lacking && info.name().isEmpty() ? ApiFailure.methodNotAllowed() : ApiFailure.noSuchResource();
        }
    }

    private static void checkMethod(Exchange exchange, ResourceDefinition kind) {
        RequestInfo info = exchange.info();
        boolean nameless = info.name().isEmpty() && Set.of("update", "patch").contains(info.verb());
        boolean postToObject = info.verb().equals("create")
                && !info.name().isEmpty()
                && info.subresource().isEmpty();
        boolean watchToWrite = info.verb().equals("watch") && exchange.request().method() != HttpMethod.GET;
        if (nameless
                || postToObject
                || watchToWrite
                || !METHODS.contains(exchange.request().method().name())) {
            throw ApiFailure.methodNotAllowed(kind, info.verb());
        }
    }
}
