package dev.keelson.node.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageDetails;
import dev.keelson.node.image.ImageSummary;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.JsonReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Images as the API shows them; in detail with Docker's words (Docker Engine API, ImageInspect and ImageHistory). Pure. */
final class ImageViews {
    private ImageViews() {}

    /** One image in short. */
    record Short(
            String id,
            String digest,
            List<String> references,
            List<String> repoDigests,
            long sizeBytes,
            String created) {
        static Short of(ImageSummary image) {
            return new Short(
                    image.id(),
                    image.digest(),
                    image.references(),
                    image.repoDigests(),
                    image.sizeBytes(),
                    image.created());
        }
    }

    /** What a load or a pull brought. */
    record Brought(String id, List<String> references, List<String> repoDigests, long sizeBytes) {
        static Brought of(Image image) {
            return new Brought(image.id(), image.references(), image.repoDigests(), image.sizeBytes());
        }
    }

    static ObjectNode inspect(ImageDetails details) throws IOException {
        JsonNode configuration = JsonReader.MAPPER.readTree(details.configuration());
        ObjectNode view = JsonReader.MAPPER.createObjectNode();
        view.put("Id", details.image().id());
        view.put("Digest", details.manifestDigest());
        details.image().references().forEach(view.putArray("RepoTags")::add);
        details.image().repoDigests().forEach(view.putArray("RepoDigests")::add);
        view.put("Comment", "");
        view.put("Created", configuration.path("created").asText(""));
        view.put("Author", configuration.path("author").asText(""));
        view.put("Architecture", configuration.path("architecture").asText(""));
        view.put("Variant", configuration.path("variant").asText(""));
        view.put("Os", configuration.path("os").asText(""));
        view.put("Size", details.image().sizeBytes());
        view.set("Config", configuration.path("config").isObject() ? configuration.path("config") : view.objectNode());
        ObjectNode driver = view.putObject("GraphDriver").put("Name", "overlayfs");
        details.image()
                .layers()
                .forEach(layer -> driver.withObject("/Data").withArray("Layers").add(layer.toString()));
        ObjectNode rootfs = view.putObject("RootFS").put("Type", "layers");
        details.diffIds().forEach(rootfs.putArray("Layers")::add);
        ArrayNode layers = view.putArray("Layers");
        for (Descriptor layer : details.manifest().layers()) {
            layers.addObject()
                    .put("MediaType", layer.mediaType())
                    .put("Digest", layer.digest().toString())
                    .put("Size", layer.size());
        }
        view.putObject("Metadata").put("LastUsed", details.lastUsed().toString());
        return view;
    }

    /** The steps that made the image, the newest first, with the size of the layer that each made. */
    static ArrayNode history(ImageDetails details) throws IOException {
        JsonNode steps = JsonReader.MAPPER.readTree(details.configuration()).path("history");
        Deque<Descriptor> layers = new ArrayDeque<>(details.manifest().layers());
        Deque<ObjectNode> newestFirst = new ArrayDeque<>();
        for (JsonNode step : steps) {
            boolean empty = step.path("empty_layer").asBoolean(false);
            Descriptor layer = empty ? null : layers.pollFirst();
            newestFirst.addFirst(step(
                    step.path("created").asText(""),
                    step.path("created_by").asText(""),
                    step.path("comment").asText(""),
                    layer == null ? 0 : layer.size()));
        }
        // Some builders write no history; the layers are there all the same.
        layers.forEach(layer -> newestFirst.addFirst(step("", "", "", layer.size())));
        ArrayNode history = JsonReader.MAPPER.createArrayNode();
        newestFirst.forEach(history::add);
        if (!history.isEmpty()) {
            ObjectNode top = (ObjectNode) history.get(0);
            top.put("Id", details.image().id());
            details.image().references().forEach(top.withArray("Tags")::add);
        }
        return history;
    }

    private static ObjectNode step(String created, String createdBy, String comment, long size) {
        ObjectNode step = JsonReader.MAPPER.createObjectNode();
        step.put("Id", "<missing>");
        step.put("Created", created);
        step.put("CreatedBy", createdBy);
        step.put("Size", size);
        step.put("Comment", comment);
        return step;
    }
}
