package dev.keelson.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.Api;
import dev.keelson.cli.command.image.ImageApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Brings the images that a build made itself to this node, so that the examples run offline. */
public final class BundledImages {
    private final Api api;
    private final String node;
    private final Progress progress;

    public BundledImages(Api api, String node, Progress progress) {
        this.api = api;
        this.node = node;
        this.progress = progress;
    }

    /** Imports every archive of the directory; what the node already has costs a comparison of digests. */
    public void load(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (Path archive : archives(directory)) {
            JsonNode loaded = api.upload(ImageApi.path(node, "load"), archive);
            loaded.path("images").forEach(image -> image.path("references")
                    .forEach(reference -> progress.say("image " + reference.asText() + " is on the node")));
        }
    }

    private static List<Path> archives(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".tar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CliException("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }
}
