package dev.keelson.apiserver.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Passes a request on and its answer back, both as they come: any size, nothing held in memory. */
final class HttpProxy {
    private static final int LONGEST_ERROR = 64 * 1024;
    private static final Set<HttpMethod> BODILESS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private HttpProxy() {}

    /**
     * Runs on the exchange's event loop; the request must be paused.
     *
     * @param errorsAsStatus whether an answer outside 2xx is turned into a Kubernetes Status
     */
    static void forward(Exchange exchange, HttpClient client, Target target, boolean errorsAsStatus) {
        RequestOptions options = new RequestOptions()
                .setMethod(exchange.request().method())
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.pathAndQuery());
        client.request(options)
                .onFailure(cause -> exchange.fail(unreachable(target, cause)))
                .onSuccess(request -> send(exchange, request, target, errorsAsStatus));
    }

    static ApiFailure unreachable(Target target, Throwable cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new ApiFailure(
                StatusReason.SERVICE_UNAVAILABLE,
                "error trying to reach %s at %s:%d: %s"
                        .formatted(target.description(), target.host(), target.port(), why),
                StatusDetails.NONE);
    }

    private static void send(Exchange exchange, HttpClientRequest request, Target target, boolean errorsAsStatus) {
        Headers.copyEndToEnd(exchange.request().headers(), request.headers());
        // Whoever hangs up first ends both sides.
        exchange.onEnd(request::reset);
        withBody(exchange.request(), request)
                .onFailure(cause -> exchange.fail(unreachable(target, cause)))
                .onSuccess(response -> {
                    boolean good = response.statusCode() >= 200 && response.statusCode() < 300;
                    if (good || !errorsAsStatus) {
                        receive(exchange, response);
                    } else {
                        response.body()
                                .onSuccess(body -> exchange.reply(asStatus(response.statusCode(), body)))
                                .onFailure(cause -> exchange.fail(unreachable(target, cause)));
                    }
                });
    }

    /** An empty body would go on as a chunked one, which servers may refuse with a GET. */
    private static Future<HttpClientResponse> withBody(HttpServerRequest from, HttpClientRequest to) {
        if (hasBody(from)) {
            return to.send(from);
        }
        from.resume();
        return to.send();
    }

    /** RFC 9112, section 6.3; over HTTP/2 a length may be missing, and then the method tells. */
    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length != null) {
            return !length.equals("0");
        }
        return request.headers().contains("Transfer-Encoding")
                || request.version() == HttpVersion.HTTP_2 && !BODILESS.contains(request.method());
    }

    private static void receive(Exchange exchange, HttpClientResponse from) {
        HttpServerResponse to = exchange.response();
        to.setStatusCode(from.statusCode());
        Headers.copyEndToEnd(from.headers(), to.headers());
        if (!to.headers().contains("Content-Length")) {
            to.setChunked(true);
        }
        // The head goes out before the first line of a log is there: clients wait for it.
        if (to.isChunked()) {
            to.write(Buffer.buffer());
        }
        from.pipeTo(to).onFailure(cause -> to.reset());
    }

    /** The error of an agent as this API words errors; a Status is passed on as it is. */
    static Reply asStatus(int code, Buffer body) {
        String text = body.getString(0, Math.min(body.length(), LONGEST_ERROR), StandardCharsets.UTF_8.name())
                .strip();
        if (text.startsWith("{")) {
            try {
                ObjectNode tree = Trees.parse(body.getBytes());
                if (tree.path("kind").asText().equals("Status")) {
                    return Reply.json(code, tree);
                }
            } catch (StorageException | ClassCastException e) {
                // Not a Status after all: shown as text.
            }
        }
        StatusReason reason =
                switch (code) {
                    case 400 -> StatusReason.BAD_REQUEST;
                    case 403 -> StatusReason.FORBIDDEN;
                    case 404 -> StatusReason.NOT_FOUND;
                    case 503 -> StatusReason.SERVICE_UNAVAILABLE;
                    default -> StatusReason.INTERNAL_ERROR;
                };
        String message = text.isEmpty() ? "the node's agent answered " + code : text;
        return Reply.failure(new ApiFailure(reason, message, StatusDetails.NONE));
    }
}
