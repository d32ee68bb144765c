package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Brings one image to a repository (OCI distribution spec v1.1, "Push"): blobs that it lacks, then the manifest. */
public final class RegistryPush {
    private final EndpointRequests requests;
    private final ContentStore content;
    private final ImageReference reference;
    private final Consumer<PullProgress> progress;

    RegistryPush(
            EndpointRequests requests,
            ContentStore content,
            ImageReference reference,
            Consumer<PullProgress> progress) {
        this.requests = requests;
        this.content = content;
        this.reference = reference;
        this.progress = progress;
    }

    /** Blocks until the registry has all of the image under the reference. */
    public void run(Digest digest, ImageManifest manifest) {
        try {
            List<Descriptor> blobs = new ArrayList<>(manifest.layers());
            blobs.add(manifest.config());
            for (Descriptor blob : blobs) {
                upload(blob);
            }
            BodyPublisher body = body(digest);
            Map<String, String> headers = Map.of("Content-Type", manifest.mediaType());
            requests.send("PUT", requests.at("/manifests/" + reference.version()), headers, body)
                    .close();
        } catch (IOException e) {
            throw requests.unavailable(e);
        }
    }

    private void upload(Descriptor blob) throws IOException {
        tell(blob, 0);
        if (!isThere(blob.digest())) {
            URI upload = begin(blob.digest());
            String separator = upload.getRawQuery() == null ? "?" : "&";
            URI whole = URI.create(upload + separator + "digest=" + blob.digest());
            Map<String, String> headers = Map.of("Content-Type", "application/octet-stream");
            requests.send("PUT", whole, headers, body(blob.digest())).close();
        }
        tell(blob, blob.size());
    }

    private void tell(Descriptor blob, long done) {
        progress.accept(new PullProgress(blob.digest().toString(), done, blob.size()));
    }

    private boolean isThere(Digest digest) throws IOException {
        URI uri = requests.at("/blobs/" + digest);
        try (Answer answer = requests.send("HEAD", uri, Map.of(), BodyPublishers.noBody())) {
            return answer.status() == 200;
        }
    }

    private URI begin(Digest digest) throws IOException {
        URI uploads = requests.at("/blobs/uploads/");
        try (Answer answer = requests.send("POST", uploads, Map.of(), BodyPublishers.noBody())) {
            URI target = uploads.resolve(answer.header("Location"));
            boolean sameServer = uploads.getScheme().equals(target.getScheme())
                    && uploads.getAuthority().equals(String.valueOf(target.getAuthority()));
            // The upload carries the credential, so it goes nowhere else.
            if (answer.header("Location").isEmpty() || !sameServer) {
                throw new IOException("the registry names no usable place to upload " + digest + " to");
            }
            return target;
        } catch (IllegalArgumentException e) {
            throw new IOException("the registry names a place to upload to that is no address", e);
        }
    }

    /** Opened anew for every attempt, for a challenge may come only after the first. */
    private BodyPublisher body(Digest digest) {
        if (!content.contains(digest)) {
            throw ImageErrors.notFound("blob " + digest + " is not on this node");
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> content.open(digest)), content.size(digest));
    }
}
