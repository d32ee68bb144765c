package dev.keelson.node.image.archive;

import dev.keelson.node.image.BlobSource;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens what people carry images around in: oci-archive, docker-archive and OCI layout directories. */
public final class ArchiveLoader {
    private final ContentStore content;
    private final Platform platform;
    private final long manifestBytes;

    /** @param manifestBytes largest table of contents that is read */
    public ArchiveLoader(ContentStore content, Platform platform, long manifestBytes) {
        this.content = content;
        this.platform = platform;
        this.manifestBytes = manifestBytes;
    }

    /** What a container of images holds for this platform, and where its blobs come from. */
    public record Opened(List<NamedManifest> images, BlobSource source) {
        public Opened {
            images = List.copyOf(images);
        }
    }

    /** Reads an archive to its end; its blobs are in the content store afterwards, protected by the lease. */
    public Opened open(InputStream archive, Lease lease) {
        ArchiveFiles files = ArchiveFiles.read(archive, content, lease);
        BlobSource source = (descriptor, what) -> requireBlob(descriptor.digest(), what, "the archive");
        try {
            // docker save since version 25 writes both tables; the OCI one has the original manifests.
            if (files.contains("index.json") && files.contains("oci-layout")) {
                return new Opened(LayoutIndex.read(document(files, "index.json"), platform), source);
            }
            if (files.contains("manifest.json")) {
                byte[] json = document(files, "manifest.json");
                return new Opened(new DockerManifest(files, content, lease).read(json), source);
            }
        } catch (IOException e) {
            throw ImageErrors.local("read the image archive", e);
        }
        throw ImageErrors.corrupt(
                "the file is no image archive: it has neither oci-layout with index.json nor manifest.json; make one"
                        + " with docker save or skopeo copy … oci-archive:FILE");
    }

    private byte[] document(ArchiveFiles files, String path) {
        return content.read(files.require(path, "format"), manifestBytes, path);
    }

    private void requireBlob(Digest digest, String what, String where) {
        if (!content.contains(digest)) {
            throw ImageErrors.corrupt("%s is missing: %s has no blob %s".formatted(what, where, digest));
        }
    }

    /** Opens an OCI layout directory (image-layout.md); blobs are copied as they are asked for. */
    public Opened open(Path layout) {
        checkVersion(layout);
        byte[] index = small(layout.resolve("index.json"));
        return new Opened(LayoutIndex.read(index, platform), (descriptor, what) -> copyBlob(layout, descriptor, what));
    }

    private void checkVersion(Path layout) {
        Path file = layout.resolve("oci-layout");
        if (!Files.isRegularFile(file)) {
            throw ImageErrors.corrupt(layout + " is no OCI layout: it has no file oci-layout");
        }
        String version = JsonReader.object(file.toString(), small(file)).text("imageLayoutVersion");
        if (!version.startsWith("1.")) {
            throw ImageErrors.refused(
                    "%s has layout version \"%s\"; version 1 is understood".formatted(layout, version));
        }
    }

    private byte[] small(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) manifestBytes + 1);
            if (bytes.length > manifestBytes) {
                throw ImageErrors.refused(file + " is larger than " + manifestBytes + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw ImageErrors.corrupt("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void copyBlob(Path layout, Descriptor descriptor, String what) {
        if (content.contains(descriptor.digest())) {
            return;
        }
        Digest digest = descriptor.digest();
        Path file = layout.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
        if (!Files.isRegularFile(file)) {
            requireBlob(digest, what, layout.toString());
        }
        try (InputStream in = Files.newInputStream(file)) {
            content.put(descriptor, in, what);
        } catch (IOException e) {
            throw ImageErrors.local("copy " + file, e);
        }
    }
}
