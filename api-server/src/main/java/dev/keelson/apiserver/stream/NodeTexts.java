package dev.keelson.apiserver.stream;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.Reads;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/** What node agents say about themselves, as text. Waits, so only for virtual threads. */
public final class NodeTexts {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TargetFinder targets;
    private final KubeletClients clients;

    public NodeTexts(Reads reads, ResourceRegistry registry, KubeletClients clients) {
        this.targets = new TargetFinder(reads, registry);
        this.clients = clients;
    }

    /** Gets a path of a node's agent; an {@link ApiFailure} when there is no such node or it does not answer. */
    public String get(String node, String path) {
        Target target = targets.node(node).at(path);
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setTimeout(PATIENCE.toMillis())
                .setURI(target.pathAndQuery());
        Future<String> text = clients.http().request(options).compose(request -> request.send()
                .compose(response -> response.body().compose(body -> read(target, response.statusCode(), body))));
        return Waiting.forResult(
                text.recover(cause -> Future.failedFuture(
                                cause instanceof ApiFailure ? cause : HttpProxy.unreachable(target, cause)))
                        .toCompletionStage(),
                PATIENCE);
    }

    private static Future<String> read(Target target, int status, Buffer body) {
        return status == 200
                ? Future.succeededFuture(body.toString())
                : Future.failedFuture(ApiFailure.unavailable("%s answered %d".formatted(target.description(), status)));
    }
}
