package dev.keelson.node.image.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.oci.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Registry credentials as {@code docker login} keeps them: {@code config.json} with {@code auths}, which Kubernetes has as
 * {@code .dockerconfigjson}, or its older form {@code .dockercfg} without that level.
 */
public final class DockerConfig {
    private DockerConfig() {}

    /** Reads {@code {"auths": {HOST: …}}}; what is not such a document is an {@link IOException} that says so. */
    public static List<RegistryAuth> parse(byte[] json) throws IOException {
        return entries(JsonReader.MAPPER.readTree(json).path("auths"));
    }

    /** Reads {@code {HOST: …}}. */
    public static List<RegistryAuth> parseLegacy(byte[] json) throws IOException {
        return entries(JsonReader.MAPPER.readTree(json));
    }

    private static List<RegistryAuth> entries(JsonNode auths) throws IOException {
        List<RegistryAuth> found = new ArrayList<>();
        for (var entry : auths.properties()) {
            found.add(entry(entry.getKey(), entry.getValue()));
        }
        return found;
    }

    /** An entry is {@code username} and {@code password}, both in {@code auth} as base64, or an {@code identitytoken}. */
    private static RegistryAuth entry(String address, JsonNode entry) throws IOException {
        String identityToken = entry.path("identitytoken").asText();
        if (!identityToken.isEmpty()) {
            return RegistryAuth.identity(address, identityToken);
        }
        String username = entry.path("username").asText();
        String password = entry.path("password").asText();
        String both = entry.path("auth").asText();
        if (username.isEmpty() && !both.isEmpty()) {
            String[] parts = decoded(address, both).split(":", 2);
            username = parts[0];
            password = parts.length > 1 ? parts[1] : "";
        }
        return new RegistryAuth(address, username, password);
    }

    private static String decoded(String address, String both) throws IOException {
        try {
            return new String(Base64.getMimeDecoder().decode(both.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException("field auth of " + address + " is not base64", e);
        }
    }
}
