package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.auth.User;

/**
 * How a write is made.
 *
 * @param dryRun everything happens but the commit
 * @param fieldManager who owns the fields that are set
 * @param subresource the part of the object that is written; empty for the object itself
 */
public record WriteOptions(User user, boolean dryRun, String fieldManager, String subresource) {
    public WriteOptions on(String part) {
        return new WriteOptions(user, dryRun, fieldManager, part);
    }

    public static WriteOptions of(User user) {
        return new WriteOptions(user, false, "", "");
    }
}
