package dev.keelson.apiserver.auth.node;

import dev.keelson.apiserver.auth.User;
import java.util.Optional;

/** Which node a user is. */
final class NodeIdentity {
    private static final String PREFIX = "system:node:";

    private NodeIdentity() {}

    /** The node's name; empty when the user is no node's agent. */
    static Optional<String> of(User user) {
        return user.in(User.NODES)
                        && user.name().length() > PREFIX.length()
                        && user.name().startsWith(PREFIX)
                ? Optional.of(user.name().substring(PREFIX.length()))
                : Optional.empty();
    }
}
