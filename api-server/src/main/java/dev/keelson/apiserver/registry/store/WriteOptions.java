package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.auth.User;

/**
 * How a write is made.
 *
 * @param dryRun everything happens but the commit
 * @param fieldManager who owns the fields that are set
 * @param subresource the part of the object that is written; empty for the object itself
 * @param apply whether the object comes from server-side apply, which has settled who owns what
 */
public record WriteOptions(User user, boolean dryRun, String fieldManager, String subresource, boolean apply) {

    public static WriteOptions of(User user) {
        return new WriteOptions(user, false, user.name(), "", false);
    }

    public WriteOptions on(String part) {
        return new WriteOptions(user, dryRun, fieldManager, part, apply);
    }

    public WriteOptions applying() {
        return new WriteOptions(user, dryRun, fieldManager, subresource, true);
    }

    public WriteOptions dryRun(boolean dry) {
        return new WriteOptions(user, dry, fieldManager, subresource, apply);
    }
}
