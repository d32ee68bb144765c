package dev.keelson.node.image;

/**
 * Credentials for one registry, as in a {@code .dockerconfigjson} entry.
 *
 * @param registry host, URL or host with a path; a label of the host may hold a {@code *}
 * @param username {@link #TOKEN} when the password is an identity token (OAuth 2 refresh token)
 */
public record RegistryAuth(String registry, String username, String password) {
    /** What Docker puts into the place of a user when it keeps an identity token. */
    public static final String TOKEN = "<token>";

    public static RegistryAuth identity(String registry, String token) {
        return new RegistryAuth(registry, TOKEN, token);
    }

    public boolean isIdentityToken() {
        return username.equals(TOKEN);
    }

    @Override
    public String toString() {
        return "RegistryAuth[" + registry + ", " + username + "]";
    }
}
