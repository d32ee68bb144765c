package dev.keelson.crds.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.Watch;
import dev.keelson.crds.client.WatchEvent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A watch over HTTP: one JSON event per line. */
final class HttpWatch<T extends HasMetadata> implements Watch<T> {
    /**
     * Servers that send bookmarks send one about every minute. Where we have seen one, a silence of several minutes is
     * a dead connection, which TCP alone would not notice while we only read.
     */
    private static final Duration SILENCE_AFTER_BOOKMARK = Duration.ofSeconds(150);

    private final LineStream lines;
    private final Class<T> type;
    private final String what;
    private Duration silence;
    private Optional<WatchEvent<T>> ahead = Optional.empty();

    HttpWatch(LineStream lines, Class<T> type, String what, Duration silence) {
        this.lines = lines;
        this.type = type;
        this.what = what;
        this.silence = silence;
    }

    @Override
    public boolean hasNext() {
        if (ahead.isEmpty()) {
            ahead = read();
        }
        return ahead.isPresent();
    }

    @Override
    public WatchEvent<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the watch of " + what + " is over");
        }
        WatchEvent<T> event = ahead.get();
        ahead = Optional.empty();
        return event;
    }

    private Optional<WatchEvent<T>> read() {
        try {
            Optional<byte[]> line = lines.next(silence);
            return line.isPresent() ? Optional.of(event(line.get())) : Optional.empty();
        } catch (IOException lost) {
            lines.close();
            throw new ApiException(
                    ApiException.Kind.TRANSIENT, "lost the watch of %s: %s".formatted(what, lost.getMessage()), lost);
        } catch (InterruptedException stopped) {
            lines.close();
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private WatchEvent<T> event(byte[] line) throws IOException {
        JsonNode event = ApiJson.mapper().readTree(line);
        JsonNode object = event.path("object");
        return switch (event.path("type").asText()) {
            case "ADDED" -> new WatchEvent.Added<>(object(object));
            case "MODIFIED" -> new WatchEvent.Modified<>(object(object));
            case "DELETED" -> new WatchEvent.Deleted<>(object(object));
            case "BOOKMARK" -> bookmark(object);
            case "ERROR" -> throw StatusErrors.of(500, ApiJson.mapper().treeToValue(object, Status.class));
            default -> throw new IOException("unknown watch event: " + event.path("type"));
        };
    }

    private WatchEvent<T> bookmark(JsonNode object) {
        silence = SILENCE_AFTER_BOOKMARK.compareTo(silence) < 0 ? SILENCE_AFTER_BOOKMARK : silence;
        return new WatchEvent.Bookmark<>(
                object.path("metadata").path("resourceVersion").asText());
    }

    private T object(JsonNode tree) throws IOException {
        // As in lists: often half of an object, and nobody who watches asks who owns which field.
        if (tree.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return ApiJson.mapper().treeToValue(tree, type);
    }

    @Override
    public void close() {
        lines.close();
    }
}
