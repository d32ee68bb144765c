package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.BlobSource;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.MediaTypes;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** One repository of one registry during one pull (OCI distribution spec v1.1, "Pull"). */
public final class RegistrySession implements BlobSource {
    private final RepositoryRequests requests;
    private final ContentStore content;
    private final SharedDownloads downloads;
    private final ImageReference reference;
    private final long manifestBytes;
    private final Consumer<PullProgress> progress;

    RegistrySession(
            RepositoryRequests requests,
            ContentStore content,
            SharedDownloads downloads,
            ImageReference reference,
            long manifestBytes,
            Consumer<PullProgress> progress) {
        this.requests = requests;
        this.content = content;
        this.downloads = downloads;
        this.reference = reference;
        this.manifestBytes = manifestBytes;
        this.progress = progress;
    }

    /** Asks the registry what the reference means now, and stores the manifest or index that it answers. */
    public Descriptor resolve(Lease lease) {
        return manifest(reference.version(), lease);
    }

    @Override
    public void fetchManifest(Descriptor descriptor, Lease lease, String what) {
        if (!content.contains(descriptor.digest())) {
            manifest(descriptor.digest().toString(), lease);
        }
    }

    @Override
    public void fetch(Descriptor descriptor, String what) {
        downloads.bring(descriptor, () -> new BlobDownload(requests, content, progress).run(descriptor, what));
        progress.accept(new PullProgress(descriptor.digest().toString(), descriptor.size(), descriptor.size()));
    }

    private Descriptor manifest(String version, Lease lease) {
        Map<String, String> headers = Map.of("Accept", String.join(", ", MediaTypes.ACCEPTED));
        Capability needed = version.contains(":") ? Capability.PULL : Capability.RESOLVE;
        try (Answer answer = requests.get(needed, "/manifests/" + version, headers)) {
            byte[] body = answer.body().readNBytes((int) manifestBytes + 1);
            if (body.length > manifestBytes) {
                throw ImageErrors.refused(
                        "cannot pull \"%s\": its manifest is larger than %d bytes".formatted(reference, manifestBytes));
            }
            Digest digest = verified(version, answer.header("Docker-Content-Digest"), body);
            String type = answer.header("Content-Type").replaceFirst("\\s*;.*$", "");
            lease.protect(digest);
            Descriptor descriptor = Descriptor.of(type, digest, body.length);
            content.put(descriptor, new ByteArrayInputStream(body), "manifest of " + reference);
            return descriptor;
        } catch (IOException e) {
            throw requests.unavailable(e);
        }
    }

    /** The manifest's digest by the algorithm that was asked for; what was asked for and promised must be true. */
    private Digest verified(String version, String promised, byte[] body) {
        String algorithm = version.startsWith("sha512:") || promised.startsWith("sha512:") ? "sha512" : "sha256";
        Digest actual = Digest.of(algorithm, Digest.messageDigest(algorithm).digest(body));
        for (String expected : new String[] {version, promised}) {
            if (expected.startsWith(algorithm + ":") && !expected.equals(actual.toString())) {
                throw corrupt("the registry sent a manifest with digest %s where it should be %s"
                        .formatted(actual, expected));
            }
        }
        return actual;
    }

    private NodeException corrupt(String what) {
        return ImageErrors.corrupt("cannot pull \"%s\": %s".formatted(reference, what));
    }
}
