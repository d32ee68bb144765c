package dev.keelson.node.image.archive;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import dev.keelson.node.image.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes an OCI layout as one tar (oci-archive), with the {@code manifest.json} that {@code docker load} of every age
 * understands beside it. Equal images give equal bytes.
 */
public final class OciArchiveWriter {
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

    /** Where the bytes of blobs come from. */
    public interface Blobs {
        InputStream open(Digest digest) throws IOException;

        long size(Digest digest);
    }

    private final TarArchiveOutputStream tar;
    private final Blobs blobs;
    private final Set<Digest> written = new HashSet<>();
    private final ObjectNode index = JsonReader.MAPPER.createObjectNode();
    private final ArrayNode dockerManifest = JsonReader.MAPPER.createArrayNode();

    /** @param target is not closed */
    public OciArchiveWriter(OutputStream target, Blobs blobs) throws IOException {
        this.tar = new TarArchiveOutputStream(target, "UTF-8");
        this.blobs = blobs;
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.OCI_INDEX);
        index.putArray("manifests");
        file("oci-layout", LAYOUT);
    }

    public OciArchiveWriter(OutputStream target, ContentStore content) throws IOException {
        this(target, new Blobs() {
            @Override
            public InputStream open(Digest digest) {
                return content.open(digest);
            }

            @Override
            public long size(Digest digest) {
                return content.size(digest);
            }
        });
    }

    /** Adds one image under all its names. */
    public void add(Digest manifestDigest, ImageManifest manifest, List<String> references) throws IOException {
        blob(manifestDigest);
        blob(manifest.config().digest());
        ObjectNode docker = dockerManifest.addObject();
        docker.put("Config", path(manifest.config().digest()));
        references.forEach(docker.putArray("RepoTags")::add);
        ArrayNode layers = docker.putArray("Layers");
        for (Descriptor layer : manifest.layers()) {
            blob(layer.digest());
            layers.add(path(layer.digest()));
        }
        for (String reference : references.isEmpty() ? List.of("") : references) {
            describe(manifestDigest, manifest.mediaType(), reference);
        }
    }

    private void describe(Digest manifestDigest, String mediaType, String reference) {
        ObjectNode descriptor = index.withArray("manifests").addObject();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", manifestDigest.toString());
        descriptor.put("size", blobs.size(manifestDigest));
        if (!reference.isEmpty()) {
            ObjectNode annotations = descriptor.putObject("annotations");
            annotations.put(LayoutIndex.FULL_NAME, reference);
            annotations.put(
                    LayoutIndex.REF_NAME, ImageReference.parse(reference).tag());
        }
    }

    /** Writes the tables of contents and the archive's end. */
    public void finish() throws IOException {
        file("index.json", JsonReader.MAPPER.writeValueAsBytes(index));
        file("manifest.json", JsonReader.MAPPER.writeValueAsBytes(dockerManifest));
        tar.finish();
        tar.flush();
    }

    private void blob(Digest digest) throws IOException {
        if (written.add(digest)) {
            try (InputStream in = blobs.open(digest)) {
                file(path(digest), in, blobs.size(digest));
            }
        }
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private void file(String path, byte[] content) throws IOException {
        file(path, new ByteArrayInputStream(content), content.length);
    }

    private void file(String path, InputStream content, long size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(size);
        entry.setMode(0100644);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }
}
