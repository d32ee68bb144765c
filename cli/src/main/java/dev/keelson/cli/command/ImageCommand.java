package dev.keelson.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Images on this cluster's node; the requests go through the API server's node proxy. */
@Command(
        name = "image",
        description = "Loads, lists, pulls, tags, saves and removes images on this node.",
        mixinStandardHelpOptions = true)
public final class ImageCommand {
    private static final byte[] NOTHING = {};

    public static String path(String node, String verb) {
        return "/api/v1/nodes/" + Resources.segment(node) + "/proxy/images" + (verb.isEmpty() ? "" : "/" + verb);
    }

    private static String reference(String name) {
        return "?reference=" + Resources.segment(name);
    }

    @Command(name = "load", description = "Imports an oci-archive or docker-archive.", mixinStandardHelpOptions = true)
    public int load(@Mixin ApiOptions options, @Parameters(paramLabel = "FILE") Path archive) {
        if (!Files.isRegularFile(archive)) {
            throw new CliException(
                    archive + " is no file; give an archive made by docker save, skopeo copy or podman save");
        }
        try (Api api = options.connect()) {
            JsonNode images = api.upload(path(node(options), "load"), archive);
            images.path("images").forEach(image -> image.path("references")
                    .forEach(name -> System.out.println("Loaded image: " + name.asText())));
        }
        return 0;
    }

    @Command(name = "ls", description = "Lists images.", mixinStandardHelpOptions = true)
    public int list(@Mixin ApiOptions options) {
        try (Api api = options.connect()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("IMAGE", "ID", "SIZE"));
            for (JsonNode image : api.get(path(node(options), "")).path("images")) {
                String id = image.path("id").asText();
                String size = "%.1fMB".formatted(image.path("sizeBytes").asLong() / 1e6);
                image.path("references")
                        .forEach(name -> rows.add(List.of(name.asText(), shortId(id), size.toUpperCase(Locale.ROOT))));
            }
            TextTable.print(rows, System.out);
        }
        return 0;
    }

    @Command(name = "pull", description = "Pulls an image from its registry.", mixinStandardHelpOptions = true)
    public int pull(@Mixin ApiOptions options, @Parameters(paramLabel = "IMAGE") String name) {
        try (Api api = options.connect()) {
            JsonNode image =
                    api.call("POST", path(node(options), "pull") + reference(name), "application/json", NOTHING);
            System.out.println(image.at("/images/0/id").asText());
        }
        return 0;
    }

    @Command(
            name = "rm",
            description = "Removes a reference, and the image when it was the last one.",
            mixinStandardHelpOptions = true)
    public int remove(@Mixin ApiOptions options, @Parameters(paramLabel = "IMAGE") String name) {
        try (Api api = options.connect()) {
            api.call("DELETE", path(node(options), "") + reference(name), "application/json", NOTHING);
            System.out.println("Untagged: " + name);
        }
        return 0;
    }

    @Command(name = "tag", description = "Gives an image one more name.", mixinStandardHelpOptions = true)
    public int tag(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "SOURCE") String source,
            @Parameters(paramLabel = "TARGET") String target) {
        try (Api api = options.connect()) {
            String query = reference(source) + "&newReference=" + Resources.segment(target);
            api.call("POST", path(node(options), "tag") + query, "application/json", NOTHING);
        }
        return 0;
    }

    @Command(name = "save", description = "Writes an image as an oci-archive.", mixinStandardHelpOptions = true)
    public int save(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "IMAGE") String name,
            @Parameters(paramLabel = "FILE") Path file) {
        try (Api api = options.connect();
                InputStream archive = api.stream(path(node(options), "save") + reference(name), "application/x-tar")) {
            Files.copy(archive, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return 0;
    }

    private static String node(ApiOptions options) {
        return options.cluster.existing().nodeName();
    }

    private static String shortId(String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return hex.substring(0, Math.min(12, hex.length()));
    }
}
