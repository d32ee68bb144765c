package dev.keelson.apiserver.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The wish to act as somebody else, as the {@code Impersonate-*} headers state it, and the rights that it takes
 * (Kubernetes: "User impersonation"). Pure.
 */
public record Impersonation(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String PREFIX = "impersonate-";
    private static final String USER = PREFIX + "user";
    private static final String GROUP = PREFIX + "group";
    private static final String UID = PREFIX + "uid";
    private static final String EXTRA = PREFIX + "extra-";
    private static final String AUTHENTICATION = "authentication.k8s.io";

    public Impersonation {
        groups = List.copyOf(groups);
    }

    /**
     * Reads the headers; empty when none asks for it.
     *
     * @param headers names and values as they were sent, in order
     * @throws IllegalArgumentException when something is to be impersonated, but no user
     */
    public static Optional<Impersonation> of(Iterable<Map.Entry<String, String>> headers) {
        String name = "";
        String uid = "";
        List<String> groups = new ArrayList<>();
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            String key = header.getKey().toLowerCase(Locale.ROOT);
            if (key.equals(USER)) {
                name = header.getValue();
            } else if (key.equals(UID)) {
                uid = header.getValue();
            } else if (key.equals(GROUP)) {
                groups.add(header.getValue());
            } else if (key.startsWith(EXTRA)) {
                String decoded =
                        URLDecoder.decode(key.substring(EXTRA.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
                extra.computeIfAbsent(decoded, absent -> new ArrayList<>()).add(header.getValue());
            }
        }
        if (name.isEmpty()) {
            if (!uid.isEmpty() || !groups.isEmpty() || !extra.isEmpty()) {
                throw new IllegalArgumentException(
                        "a group, uid or extra is impersonated without a user: add the header Impersonate-User");
            }
            return Optional.empty();
        }
        return Optional.of(new Impersonation(name, uid, groups, extra));
    }

    /** What the one who asks must be allowed, all of it. */
    public List<Attributes> needed(User by) {
        List<Attributes> needed = new ArrayList<>();
        needed.add(User.account(name)
                .map(account -> attributes(by, "", "serviceaccounts", "", account.namespace(), account.name()))
                .orElseGet(() -> attributes(by, "", "users", "", "", name)));
        groups.forEach(group -> needed.add(attributes(by, "", "groups", "", "", group)));
        extra.forEach((key, values) ->
                values.forEach(value -> needed.add(attributes(by, AUTHENTICATION, "userextras", key, "", value))));
        if (!uid.isEmpty()) {
            needed.add(attributes(by, AUTHENTICATION, "uids", "", "", uid));
        }
        return needed;
    }

    /** Who the request is made as. */
    public User user() {
        List<String> all = new ArrayList<>(groups);
        if (groups.isEmpty()) {
            User.account(name).ifPresent(account -> all.addAll(User.accountGroups(account.namespace())));
        }
        boolean anonymous = name.equals(User.ANONYMOUS.name());
        String own = anonymous ? User.UNAUTHENTICATED : User.AUTHENTICATED;
        if (!all.contains(User.AUTHENTICATED) && !all.contains(User.UNAUTHENTICATED)) {
            all.add(own);
        }
        return new User(name, uid, all, extra);
    }

    private static Attributes attributes(
            User by, String group, String resource, String subresource, String namespace, String name) {
        return new Attributes(by, "impersonate", group, "v1", resource, subresource, namespace, name, "");
    }
}
