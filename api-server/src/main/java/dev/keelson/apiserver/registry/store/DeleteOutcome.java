package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.watch.CachedObject;

/**
 * What a deletion came to.
 *
 * @param object its last state, or the state with a deletionTimestamp
 * @param gone whether it is removed already
 */
public record DeleteOutcome(CachedObject object, boolean gone) {}
