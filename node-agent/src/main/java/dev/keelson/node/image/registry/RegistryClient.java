package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.content.ContentStore;
import java.util.List;
import java.util.function.Consumer;

/**
 * Pulls from registries over the OCI distribution API. TLS is required except for loopback addresses and configured
 * hosts; credentials are sent only to the registry that they are for and to the token server that it names.
 */
public final class RegistryClient implements AutoCloseable {
    private final ContentStore content;
    private final long manifestBytes;
    private final HttpExchange http;
    private final RegistryHosts hosts;
    private final SharedDownloads downloads;

    /** @param manifestBytes largest manifest that is accepted */
    public RegistryClient(RegistryOptions options, ContentStore content, long manifestBytes) {
        this.content = content;
        this.manifestBytes = manifestBytes;
        this.http = new HttpExchange(options);
        this.hosts = new RegistryHosts(options.plainHttpHosts(), http);
        this.downloads = new SharedDownloads(content);
    }

    /** Begins a pull. Nothing is sent before the session is used. */
    public RegistrySession open(
            ImageReference reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        RepositoryRequests requests = new RepositoryRequests(http, hosts, reference, credentials);
        return new RegistrySession(requests, content, downloads, reference, manifestBytes, progress);
    }

    @Override
    public void close() {
        http.close();
    }
}
