package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.log.LogOptions;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads query parameters; what cannot be read is refused by name. */
record Queries(MultiMap parameters) {

    String text(String name) {
        return Optional.ofNullable(parameters.get(name)).orElse("");
    }

    String required(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            throw wrong("parameter \"%s\" is required".formatted(name));
        }
        return value;
    }

    /** Any of the names; the kubelet's own API calls streams {@code input} where the pod's calls them {@code stdin}. */
    boolean flag(String... names) {
        for (String name : names) {
            String value = text(name);
            if (value.equals("true") || value.equals("1")) {
                return true;
            }
        }
        return false;
    }

    OptionalLong number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number < 0) {
                throw wrong("parameter %s=%s must not be negative".formatted(name, value));
            }
            return OptionalLong.of(number);
        } catch (NumberFormatException notANumber) {
            throw wrong("parameter %s=%s must be a whole number".formatted(name, value));
        }
    }

    LogOptions logOptions(Instant now) {
        return new LogOptions(
                flag("follow"),
                number("tailLines"),
                since(now),
                flag("timestamps"),
                number("limitBytes"),
                switch (text("stream")) {
                    case "Stdout" -> "stdout";
                    case "Stderr" -> "stderr";
                    default -> "";
                });
    }

    private Optional<Instant> since(Instant now) {
        OptionalLong seconds = number("sinceSeconds");
        if (seconds.isPresent()) {
            return Optional.of(now.minusSeconds(seconds.getAsLong()));
        }
        String time = text("sinceTime");
        try {
            return time.isEmpty()
                    ? Optional.empty()
                    : Optional.of(java.time.OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeParseException unreadable) {
            throw wrong("parameter sinceTime=%s must be a time such as 2026-01-02T03:04:05Z".formatted(time));
        }
    }

    static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "BadRequest", message);
    }
}
