package dev.keelson.apiserver.storage;

import java.time.Instant;

/**
 * One change as the history tells it.
 *
 * @param object the object after the change; for a deletion its last state
 * @param at when it was committed
 * @param author name of the user who made it, or empty when nobody said
 */
public record PastChange(Change.Kind kind, Stored object, Instant at, String author) {}
