package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.Trees;
import java.util.List;
import java.util.Map;

/**
 * A complete answer.
 *
 * @param body JSON, unless the headers say otherwise
 * @param warnings each becomes a {@code Warning: 299} header
 */
public record Reply(int code, Body body, String contentType, List<String> warnings, Map<String, String> headers) {
    private static final String JSON = "application/json";

    public Reply {
        warnings = List.copyOf(warnings);
        headers = Map.copyOf(headers);
    }

    public Reply(int code, byte[] body, String contentType, List<String> warnings, Map<String, String> headers) {
        this(code, new Body.Whole(body), contentType, warnings, headers);
    }

    public static Reply json(int code, byte[] body) {
        return json(code, new Body.Whole(body));
    }

    public static Reply json(int code, Body body) {
        return new Reply(code, body, JSON, List.of(), Map.of());
    }

    public static Reply json(int code, JsonNode tree) {
        return json(code, Trees.bytes(tree));
    }

    public static Reply text(int code, String text) {
        return new Reply(
                code,
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "text/plain; charset=utf-8",
                List.of(),
                Map.of("X-Content-Type-Options", "nosniff"));
    }

    public static Reply failure(ApiFailure failure) {
        if (failure.reason() == StatusReason.NO_SUCH_PATH) {
            return text(404, failure.getMessage() + "\n");
        }
        Reply reply = json(failure.reason().code(), StatusJson.failure(failure));
        int retryAfter = failure.details().retryAfterSeconds();
        return retryAfter > 0 ? reply.withHeader("Retry-After", Integer.toString(retryAfter)) : reply;
    }

    public Reply withBody(Body changed) {
        return new Reply(code, changed, contentType, warnings, headers);
    }

    public Reply withWarnings(List<String> found) {
        return new Reply(code, body, contentType, found, headers);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> all = new java.util.LinkedHashMap<>(headers);
        all.put(name, value);
        return new Reply(code, body, contentType, warnings, all);
    }

    public Reply withContentType(String type) {
        return new Reply(code, body, type, warnings, headers);
    }
}
