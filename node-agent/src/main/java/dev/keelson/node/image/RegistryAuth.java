package dev.keelson.node.image;

/** Credentials for one registry host, as in a {@code .dockerconfigjson} entry. */
public record RegistryAuth(String registry, String username, String password) {
    @Override
    public String toString() {
        return "RegistryAuth[" + registry + ", " + username + "]";
    }
}
