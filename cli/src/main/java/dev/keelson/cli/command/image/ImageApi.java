package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.command.ApiOptions;
import dev.keelson.crds.model.UrlText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The image API of this cluster's node; the requests go through the API server's node proxy. */
public final class ImageApi implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final Api api;
    private final String node;

    ImageApi(ApiOptions options) {
        this.api = options.connect();
        this.node = options.cluster.existing().nodeName();
    }

    /** The path of a verb, or of the list of images when it is empty. */
    public static String path(String node, String verb) {
        return "/api/v1/nodes/" + UrlText.escape(node) + "/proxy/images" + (verb.isEmpty() ? "" : "/" + verb);
    }

    Api api() {
        return api;
    }

    String at(String verb, String... namesAndValues) {
        StringBuilder path = new StringBuilder(path(node, verb));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            path.append(i == 0 ? '?' : '&')
                    .append(namesAndValues[i])
                    .append('=')
                    .append(UrlText.escape(namesAndValues[i + 1]));
        }
        return path.toString();
    }

    String at(String verb, List<String> references) {
        return path(node, verb)
                + references.stream()
                        .map(reference -> "reference=" + UrlText.escape(reference))
                        .collect(Collectors.joining("&", "?", ""));
    }

    JsonNode get(String verb, String... namesAndValues) {
        return api.get(at(verb, namesAndValues));
    }

    JsonNode post(String verb, String... namesAndValues) {
        return api.call("POST", at(verb, namesAndValues), "application/json", NOTHING);
    }

    void delete(String reference) {
        api.call("DELETE", at("", "reference", reference), "application/json", NOTHING);
    }

    /** Follows a pull or push; answers its last line. */
    JsonNode transfer(String verb, String reference, String credentials, Consumer<JsonNode> onProgress) {
        Map<String, String> headers = credentials.isEmpty() ? Map.of() : Map.of("X-Registry-Config", credentials);
        JsonNode last = Api.JSON.createObjectNode();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                api.post(at(verb, "reference", reference, "progress", "true"), headers), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Api.JSON.readTree(line);
                if (last.has("error")) {
                    throw new CliException(last.path("error").asText());
                }
                if (last.has("doneBytes")) {
                    onProgress.accept(last);
                }
            }
        } catch (IOException e) {
            throw new CliException("the %s broke off: %s".formatted(verb, e.getMessage()), e);
        }
        if (last.isEmpty() || last.has("doneBytes")) {
            throw new CliException("the %s broke off before its end; run it again to go on".formatted(verb));
        }
        return last;
    }

    /** What {@code docker login} keeps for this user, with the credentials of the command line for the image's registry. */
    static String credentials(String reference, String userAndPassword) {
        ObjectNode config = Api.JSON.createObjectNode();
        ObjectNode auths = config.putObject("auths");
        kept().path("auths").properties().forEach(entry -> auths.set(entry.getKey(), entry.getValue()));
        if (!userAndPassword.isEmpty()) {
            if (!userAndPassword.contains(":")) {
                throw new CliException("--creds takes USER:PASSWORD");
            }
            String auth = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
            auths.putObject(registry(reference)).put("auth", auth);
        }
        return auths.isEmpty()
                ? ""
                : Base64.getUrlEncoder().encodeToString(config.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String registry(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        boolean isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        return isHost ? first : "docker.io";
    }

    private static JsonNode kept() {
        String directory = System.getenv().getOrDefault("DOCKER_CONFIG", System.getProperty("user.home") + "/.docker");
        Path file = Path.of(directory, "config.json");
        try {
            return Files.isReadable(file) ? Api.JSON.readTree(Files.readAllBytes(file)) : Api.JSON.createObjectNode();
        } catch (IOException e) {
            throw new CliException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
