package dev.keelson.node.image.registry;

import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.registry.EndpointRequests.Purpose;
import dev.keelson.node.image.registry.hosts.Endpoint;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import dev.keelson.node.image.registry.hosts.HostsDirectory;
import dev.keelson.node.image.registry.hosts.Trust;
import java.util.List;
import java.util.function.Consumer;

/**
 * Speaks to registries over the OCI distribution API. TLS is required except for loopback addresses and configured
 * hosts; credentials are sent only to the registry that they are for and to the token server that it names.
 */
public final class RegistryClient implements AutoCloseable {
    private final ContentStore content;
    private final long manifestBytes;
    private final HttpExchanges clients;
    private final RegistryHosts hosts;
    private final HostsDirectory directory;
    private final SharedDownloads downloads;

    /** @param manifestBytes largest manifest that is accepted */
    public RegistryClient(RegistryOptions options, ContentStore content, long manifestBytes) {
        this.content = content;
        this.manifestBytes = manifestBytes;
        this.clients = new HttpExchanges(options);
        this.hosts = new RegistryHosts(options.plainHttpHosts(), () -> clients.of(Trust.SYSTEM));
        this.directory = new HostsDirectory(options.hosts());
        this.downloads = new SharedDownloads(content);
    }

    /** Begins a pull. Nothing is sent before the session is used. */
    public RegistrySession open(
            ImageReference reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        List<EndpointRequests> endpoints = directory.endpoints(reference.registry()).stream()
                .map(endpoint -> requests(endpoint, reference, credentials, Purpose.PULL))
                .toList();
        return new RegistrySession(
                new RepositoryRequests(endpoints), content, downloads, reference, manifestBytes, progress);
    }

    /** Begins a push, to the registry itself or to the first mirror that takes pushes. */
    public RegistryPush push(
            ImageReference reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        List<Endpoint> endpoints = directory.endpoints(reference.registry());
        Endpoint target = endpoints.stream()
                .filter(endpoint -> endpoint.capabilities().contains(Capability.PUSH))
                .findFirst()
                .orElse(endpoints.getLast());
        return new RegistryPush(requests(target, reference, credentials, Purpose.PUSH), content, reference, progress);
    }

    private EndpointRequests requests(
            Endpoint endpoint, ImageReference reference, List<RegistryAuth> credentials, Purpose purpose) {
        return new EndpointRequests(clients.of(endpoint.trust()), hosts, endpoint, reference, credentials, purpose);
    }

    @Override
    public void close() {
        clients.close();
    }
}
