package dev.keelson.apiserver.auth;

import java.util.List;

/**
 * Who sent a request.
 *
 * @param groups the groups that the credential names, with the server's own such as {@code system:authenticated}
 */
public record User(String name, List<String> groups) {
    public static final String MASTERS = "system:masters";
    public static final String NODES = "system:nodes";
    public static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));
    /** The server itself, for what it does at start. */
    public static final User SERVER = new User("system:apiserver", List.of(MASTERS));

    public User {
        groups = List.copyOf(groups);
    }

    public boolean in(String group) {
        return groups.contains(group);
    }

    public boolean anonymous() {
        return equals(ANONYMOUS);
    }
}
