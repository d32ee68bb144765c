package dev.keelson.apiserver.registry.store;

import dev.keelson.apiserver.auth.User;
import java.util.function.Consumer;

/**
 * How a write is made.
 *
 * @param dryRun everything happens but the commit
 * @param fieldManager who owns the fields that are set
 * @param subresource the part of the object that is written; empty for the object itself
 * @param apply whether the object comes from server-side apply, which has settled who owns what
 * @param told takes what the writer should know about a write that succeeds
 */
public record WriteOptions(
        User user, boolean dryRun, String fieldManager, String subresource, boolean apply, Consumer<String> told) {

    public static WriteOptions of(User user) {
        return new WriteOptions(user, false, user.name(), "", false, warning -> {});
    }

    public WriteOptions on(String part) {
        return new WriteOptions(user, dryRun, fieldManager, part, apply, told);
    }

    public WriteOptions applying() {
        return new WriteOptions(user, dryRun, fieldManager, subresource, true, told);
    }

    public WriteOptions dryRun(boolean dry) {
        return new WriteOptions(user, dry, fieldManager, subresource, apply, told);
    }
}
