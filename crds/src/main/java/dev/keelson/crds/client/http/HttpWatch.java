package dev.keelson.crds.client.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
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
        try (JsonParser parser = new WithoutOwners(ApiJson.mapper().createParser(line))) {
            parser.nextToken();
            if ("type".equals(parser.nextFieldName())) {
                parser.nextToken();
                String word = parser.getValueAsString("");
                if ("object".equals(parser.nextFieldName())) {
                    parser.nextToken();
                    return event(word, parser);
                }
            }
        }
        return eventInAnyOrder(ApiJson.mapper().readTree(line));
    }

    /** Servers name the type first, but JSON does not ask it of them. */
    private WatchEvent<T> eventInAnyOrder(JsonNode event) throws IOException {
        try (JsonParser object = ApiJson.mapper().treeAsTokens(event.path("object"))) {
            object.nextToken();
            return event(event.path("type").asText(), object);
        }
    }

    private WatchEvent<T> event(String word, JsonParser object) throws IOException {
        return switch (word) {
            case "ADDED" -> new WatchEvent.Added<>(ApiJson.mapper().readValue(object, type));
            case "MODIFIED" -> new WatchEvent.Modified<>(ApiJson.mapper().readValue(object, type));
            case "DELETED" -> new WatchEvent.Deleted<>(ApiJson.mapper().readValue(object, type));
            case "BOOKMARK" -> bookmark(ApiJson.mapper().readTree(object));
            case "ERROR" -> throw StatusErrors.of(500, ApiJson.mapper().readValue(object, Status.class));
            default -> throw new IOException("unknown watch event: " + word);
        };
    }

    private WatchEvent<T> bookmark(JsonNode object) {
        silence = SILENCE_AFTER_BOOKMARK.compareTo(silence) < 0 ? SILENCE_AFTER_BOOKMARK : silence;
        return new WatchEvent.Bookmark<>(
                object.path("metadata").path("resourceVersion").asText());
    }

    @Override
    public void close() {
        lines.close();
    }
}
