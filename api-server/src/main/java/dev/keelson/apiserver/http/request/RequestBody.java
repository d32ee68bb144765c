package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.codec.CollectedBytes;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Collects a request's body up to the limit of the Kubernetes API server. */
public final class RequestBody {
    static final int LIMIT = 3 * 1024 * 1024;

    private RequestBody() {}

    public static Future<byte[]> read(HttpServerRequest request) {
        if (announcedLength(request) > LIMIT) {
            return Future.failedFuture(tooLarge());
        }
        Promise<byte[]> promise = Promise.promise();
        CollectedBytes body = new CollectedBytes();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= LIMIT) {
                body.add(chunk.getBytes());
            } else {
                // The rest is read and dropped, so that the client gets the refusal instead of a broken connection.
                promise.tryFail(tooLarge());
            }
        });
        request.exceptionHandler(promise::tryFail);
        request.endHandler(end -> promise.tryComplete(body.all()));
        request.resume();
        return promise.future();
    }

    private static long announcedLength(HttpServerRequest request) {
        try {
            return Optional.ofNullable(request.getHeader("Content-Length"))
                    .map(Long::parseLong)
                    .orElse(0L);
        } catch (NumberFormatException e) {
            throw ApiFailure.badRequest("the Content-Length is not a number");
        }
    }

    private static ApiFailure tooLarge() {
        return new ApiFailure(
                StatusReason.TOO_LARGE, "Request entity too large: limit is " + LIMIT, StatusDetails.NONE);
    }
}
