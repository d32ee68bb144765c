package dev.keelson.cli.command;

import dev.keelson.apiserver.http.ServerFigures;
import dev.keelson.cli.memory.HeapRoom;
import dev.keelson.cli.memory.IdleMemory;
import dev.keelson.controllers.ControllerConfig;
import dev.keelson.controllers.ControllerManager;
import dev.keelson.controllers.serviceaccount.TokenKeyFiles;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.HttpApiClient;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Runs the controllers beside the API server, over the same API and with an identity of their own. */
@ApplicationScoped
class ControllersRole {
    @ConfigProperty(name = "keelson.https-port")
    int httpsPort;

    @ConfigProperty(name = "keelson.pki-dir")
    Path pki;

    @ConfigProperty(name = "dev.keelson.pod-cidr")
    String podCidr;

    @ConfigProperty(name = "dev.keelson.node-name")
    String nodeName;

    // Two servers may name their machine alike, and one machine may run two: with the port they are told apart.
    private String identity() {
        return nodeName + ":" + httpsPort;
    }

    private final CollectorRegistry metrics;
    private Optional<ApiClient> client = Optional.empty();
    private Optional<ControllerManager> controllers = Optional.empty();

    ControllersRole(ServerFigures figures) {
        this.metrics = figures.registry();
    }

    void start(@Observes StartupEvent event) {
        ClientConfig identity = new ClientConfig(
                URI.create("https://127.0.0.1:" + httpsPort),
                pki.resolve("ca.crt"),
                pki.resolve("controller-manager.crt"),
                pki.resolve("controller-manager.key"),
                "keelson-controllers");
        client = Optional.of(new HttpApiClient(identity));
        ControllerConfig config = new ControllerConfig(
                identity(),
                podCidr,
                pki.resolve("ca.crt"),
                pki.resolve("ca.key"),
                new TokenKeyFiles(pki.resolve("service-account.key"), pki.resolve("service-account.pub")));
        controllers = Optional.of(ControllerManager.start(client.get(), config, new QueueFigures(metrics)));
        // Here and not in ServerCommand: a slow machine takes longer to come to this than the pause before shrinking.
        IdleMemory.shrinkAfterStart();
        HeapRoom.followWork();
    }

    /** While requests are still answered: a leader that goes says so with one, or the others wait for its lease to end. */
    void handOver(@Observes ShutdownDelayInitiatedEvent event) {
        controllers.ifPresent(ControllerManager::close);
    }

    void stop(@Observes ShutdownEvent event) {
        client.ifPresent(ApiClient::close);
    }
}
