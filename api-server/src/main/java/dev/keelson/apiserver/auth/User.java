package dev.keelson.apiserver.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who sent a request (authentication.k8s.io/v1 UserInfo).
 *
 * @param uid what tells two users of one name apart; empty when the credential has none
 * @param groups the groups that the credential names, with the server's own such as {@code system:authenticated}
 * @param extra more about the credential, such as the pod that a token is bound to
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String MASTERS = "system:masters";
    public static final String NODES = "system:nodes";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String UNAUTHENTICATED = "system:unauthenticated";
    public static final User ANONYMOUS = new User("system:anonymous", List.of(UNAUTHENTICATED));
    /** The server itself, for what it does at start. */
    public static final User SERVER = new User("system:apiserver", List.of(MASTERS));

    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

    public User {
        groups = List.copyOf(groups);
        Map<String, List<String>> copy = new TreeMap<>();
        extra.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        extra = java.util.Collections.unmodifiableMap(copy);
    }

    public User(String name, List<String> groups) {
        this(name, "", groups, Map.of());
    }

    public boolean in(String group) {
        return groups.contains(group);
    }

    public boolean anonymous() {
        return name.equals(ANONYMOUS.name());
    }

    /** {@code system:serviceaccount:NAMESPACE:NAME}. */
    public static String accountName(String namespace, String name) {
        return ACCOUNT_PREFIX + namespace + ":" + name;
    }

    /** A service account, as its user name tells. */
    public record Account(String namespace, String name) {}

    /** The service account that a user name stands for, if it stands for one. */
    public static Optional<Account> account(String user) {
        String[] parts = user.startsWith(ACCOUNT_PREFIX)
                ? user.substring(ACCOUNT_PREFIX.length()).split(":", -1)
                : new String[0];
        return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()
                ? Optional.of(new Account(parts[0], parts[1]))
                : Optional.empty();
    }

    /** The groups of every service account of a namespace. */
    public static List<String> accountGroups(String namespace) {
        return List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, AUTHENTICATED);
    }
}
