package dev.keelson.crds.client.http;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiException.Kind;
import dev.keelson.crds.client.ApiJson;
import io.fabric8.kubernetes.api.model.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns a Kubernetes {@code Status} (or whatever a proxy answered instead) into the client's exception. */
final class StatusErrors {
    private static final int LONGEST_FOREIGN_TEXT = 300;

    private StatusErrors() {}

    static ApiException of(String request, int code, byte[] body) {
        return status(body)
                .map(status -> of(code, status))
                .orElseGet(() -> new ApiException(
                        kind(code, ""), code, "%s answered %d: %s".formatted(request, code, foreignText(body))));
    }

    static ApiException of(int code, Status status) {
        int real = status.getCode() == null || status.getCode() == 0 ? code : status.getCode();
        String reason = status.getReason() == null ? "" : status.getReason();
        String message = status.getMessage() == null ? reason : status.getMessage();
        return new ApiException(kind(real, reason), real, message);
    }

    private static Kind kind(int code, String reason) {
        return switch (reason) {
            case "AlreadyExists" -> Kind.ALREADY_EXISTS;
            case "Expired", "Gone" -> Kind.EXPIRED;
            case "Timeout", "ServerTimeout", "TooManyRequests", "ServiceUnavailable" -> Kind.TRANSIENT;
            default -> kind(code);
        };
    }

    private static Kind kind(int code) {
        return switch (code) {
            case 401, 403 -> Kind.FORBIDDEN;
            case 404 -> Kind.NOT_FOUND;
            case 409 -> Kind.CONFLICT;
            case 410 -> Kind.EXPIRED;
            case 408, 429, 502, 503, 504 -> Kind.TRANSIENT;
            default -> code >= 400 && code < 500 ? Kind.INVALID : Kind.INTERNAL;
        };
    }

    private static java.util.Optional<Status> status(byte[] body) {
        try {
            Status status = ApiJson.mapper().readValue(body, Status.class);
            return "Status".equals(status.getKind()) ? java.util.Optional.of(status) : java.util.Optional.empty();
        } catch (IOException notJson) {
            return java.util.Optional.empty();
        }
    }

    private static String foreignText(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() > LONGEST_FOREIGN_TEXT ? text.substring(0, LONGEST_FOREIGN_TEXT) + "…" : text;
    }
}
