package dev.keelson.node.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes answers: JSON, and refusals as Kubernetes {@code Status}. */
final class Answers {
    private Answers() {}

    static void json(HttpServerResponse response, Object body) {
        response.putHeader("Content-Type", "application/json").end(Buffer.buffer(bytes(body)));
    }

    static void text(HttpServerResponse response, String body) {
        response.putHeader("Content-Type", "text/plain; charset=utf-8").end(body);
    }

    static void refuse(HttpServerResponse response, NodeException failure) {
        int code = code(failure);
        refuse(response, code, reason(code), failure.getMessage());
    }

    static void refuse(HttpServerResponse response, int code, String reason, String message) {
        if (response.headWritten()) {
            response.reset();
            return;
        }
        Status status = new StatusBuilder()
                .withStatus("Failure")
                .withCode(code)
                .withReason(reason)
                .withMessage(message)
                .build();
        response.setStatusCode(code);
        json(response, status);
    }

    private static int code(NodeException failure) {
        return switch (failure.kind()) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case TRANSIENT -> 503;
            case INTERNAL -> 500;
        };
    }

    private static String reason(int code) {
        return switch (code) {
            case 400 -> "BadRequest";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 503 -> "ServiceUnavailable";
            default -> "InternalError";
        };
    }

    static byte[] bytes(Object body) {
        try {
            return ApiJson.mapper().writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a model object cannot be written as JSON", impossible);
        }
    }
}
