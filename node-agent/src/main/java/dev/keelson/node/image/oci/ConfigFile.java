package dev.keelson.node.image.oci;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image.ImageConfig;
import dev.keelson.node.image.ImageErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * An image's configuration (OCI image spec, config.md; Docker image spec v1.2).
 *
 * @param platform what it says it runs on; empty parts when it does not say
 * @param diffIds digests of the uncompressed layers, lowest first
 * @param created when it was built, RFC 3339; empty when it does not say
 */
public record ConfigFile(Platform platform, List<Digest> diffIds, ImageConfig config, String created) {
    public ConfigFile {
        diffIds = List.copyOf(diffIds);
    }

    /** @param document what is read, for messages */
    public static ConfigFile parse(String document, byte[] json) {
        JsonReader reader = JsonReader.object(document, json);
        Platform platform = new Platform(reader.text("os"), reader.text("architecture"), reader.text("variant"));
        JsonReader rootfs = reader.requiredObject("rootfs");
        if (!rootfs.text("type").equals("layers")) {
            throw ImageErrors.corrupt(document + ": field rootfs.type must be \"layers\"");
        }
        List<Digest> diffIds = new ArrayList<>();
        for (String text : rootfs.texts("diff_ids")) {
            diffIds.add(diffId(document, text));
        }
        ImageConfig config = reader.object("config")
                .map(ConfigFile::runtimePart)
                .orElse(new ImageConfig(List.of(), List.of(), List.of(), "", "", "", List.of()));
        return new ConfigFile(platform, diffIds, config, reader.text("created"));
    }

    /** Whether the image runs on the platform, as far as it says. */
    public boolean runsOn(Platform machine) {
        boolean silent = platform.os().isEmpty() || platform.architecture().isEmpty();
        return silent || machine.runs(platform);
    }

    private static ImageConfig runtimePart(JsonReader config) {
        List<String> ports =
                config.object("ExposedPorts").map(JsonReader::names).orElse(List.of());
        return new ImageConfig(
                config.texts("Entrypoint"),
                config.texts("Cmd"),
                config.texts("Env"),
                config.text("WorkingDir"),
                config.text("User"),
                config.text("StopSignal"),
                ports);
    }

    private static Digest diffId(String document, String text) {
        try {
            return Digest.parse(text);
        } catch (NodeException e) {
            throw ImageErrors.corrupt(document + ": field rootfs.diff_ids: " + e.getMessage(), e);
        }
    }
}
