package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.AdmissionChain;
import dev.keelson.apiserver.admission.ClusterObjects;
import dev.keelson.apiserver.admission.CompanionChain;
import dev.keelson.apiserver.admission.DefaultClassAdmission;
import dev.keelson.apiserver.admission.NamespaceContents;
import dev.keelson.apiserver.admission.NamespaceLifecycle;
import dev.keelson.apiserver.admission.PodDefaultsAdmission;
import dev.keelson.apiserver.admission.PriorityAdmission;
import dev.keelson.apiserver.admission.RuntimeClassAdmission;
import dev.keelson.apiserver.admission.ServiceAccountAdmission;
import dev.keelson.apiserver.admission.ServiceAllocation;
import dev.keelson.apiserver.admission.SignerAdmission;
import dev.keelson.apiserver.admission.SigningRequestAdmission;
import dev.keelson.apiserver.auth.CertificateAuthenticator;
import dev.keelson.apiserver.auth.node.NodeRestriction;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy;
import dev.keelson.apiserver.auth.rbac.RoleAggregation;
import dev.keelson.apiserver.auth.token.OpenIdHandler;
import dev.keelson.apiserver.auth.token.TokenKeys;
import dev.keelson.apiserver.custom.CrdSubscription;
import dev.keelson.apiserver.custom.CustomKinds;
import dev.keelson.apiserver.custom.CustomOpenApi;
import dev.keelson.apiserver.custom.CustomTypeCatalog;
import dev.keelson.apiserver.custom.convert.Converters;
import dev.keelson.apiserver.custom.convert.WebhookAddresses;
import dev.keelson.apiserver.discovery.DiscoveryHandler;
import dev.keelson.apiserver.discovery.HealthHandler;
import dev.keelson.apiserver.discovery.IndexHandler;
import dev.keelson.apiserver.discovery.MetricsHandler;
import dev.keelson.apiserver.discovery.OpenApiHandler;
import dev.keelson.apiserver.discovery.VersionHandler;
import dev.keelson.apiserver.metrics.MetricsKinds;
import dev.keelson.apiserver.presence.ServerAddress;
import dev.keelson.apiserver.presence.ServerPresence;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.schema.Schemas;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.stream.KubeletClients;
import dev.keelson.apiserver.stream.NodeTexts;
import dev.keelson.apiserver.stream.PodStreams;
import dev.keelson.apiserver.watch.WatchCache;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Puts the API server into the process: the one place where Quarkus meets the parts. */
@Singleton
public final class ServerAssembly {
    private final ApiServer server;
    private final ServerPresence presence;
    private final Bootstrap bootstrap;
    private final Thread bootstrapThread;
    private final CustomKinds customKinds;
    private final Thread customKindsThread;
    private final RoleAggregation aggregation;

    ServerAssembly(
            Vertx vertx,
            Storage storage,
            History history,
            WatchCache cache,
            ServerConfig config,
            ClientTrust clients,
            HealthBridge health,
            ServerFigures figures) {
        CollectorRegistry metrics = figures.registry();
        ResourceRegistry registry = new ResourceRegistry(BuiltinKinds.list());
        CustomTypeCatalog customTypes = new CustomTypeCatalog(registry);
        Schemas schemas = new Schemas(customTypes);
        ServerSettings settings = ServerSettings.of(config);
        SecureRandom random = new SecureRandom();
        TokenKeys keys = new TokenKeys(config.serviceAccountKey(), config.serviceAccountPublicKeys());
        String address = config.advertiseAddress() + ":" + config.httpsPort();
        BootstrapPolicy policy = BootstrapPolicy.load();
        AuthParts auth = AuthParts.of(
                cache,
                new CertificateAuthenticator(clients::authority, Clock.systemUTC()),
                policy,
                keys,
                config.serviceAccountIssuer(),
                Clock.systemUTC());
        KubeletClients kubelets =
                new KubeletClients(vertx, config.kubeletClientCert(), config.kubeletClientKey(), config.kubeletCa());
        ClusterObjects clusterObjects = new ClusterObjects(cache, storage);
        ApiServer.Parts parts = new ApiServer.Parts(
                vertx,
                Clock.systemUTC(),
                storage,
                history,
                cache,
                registry,
                auth,
                new MeasuredAdmission(
                        new AdmissionChain(List.of(
                                new NamespaceLifecycle(cache, storage, registry.require("", "namespaces")),
                                new PodDefaultsAdmission(),
                                new ServiceAccountAdmission(
                                        new Reads(cache), registry.require("", "serviceaccounts"), random),
                                new PriorityAdmission(clusterObjects),
                                new RuntimeClassAdmission(clusterObjects),
                                new DefaultClassAdmission(clusterObjects),
                                // Limits of a namespace, quotas and webhooks take their place here.
                                new SigningRequestAdmission(),
                                new SignerAdmission(auth.authorizer()),
                                new NodeRestriction(),
                                auth.escalation())),
                        metrics),
                new CompanionChain(List.of(
                        new ServiceAllocation(cache, settings.services(), settings.nodePorts(), random),
                        new NamespaceContents(cache))),
                schemas,
                new PodStreams(new Reads(cache), registry, kubelets),
                metrics(new Reads(cache), registry, kubelets));
        metrics.register(new StateMetrics(registry, cache, storage));
        this.server = new ApiServer(
                parts,
                metrics,
                List.of(
                        new DiscoveryHandler(registry, ApiServer.unstored(auth.reviews()), address),
                        new OpenIdHandler(keys, config.serviceAccountIssuer(), address),
                        new OpenApiHandler(schemas, new CustomOpenApi(registry), Clock.systemUTC()),
                        new VersionHandler(),
                        new IndexHandler(registry, ApiServer.unstored(auth.reviews())),
                        new HealthHandler(health::liveness, () -> health.readiness(problem())),
                        new MetricsHandler(metrics)));
        this.presence = new ServerPresence(
                server.store(),
                registry,
                new ServerAddress(config.advertiseAddress(), config.httpsPort()),
                Clock.systemUTC());
        this.bootstrap = new Bootstrap(
                server.store(),
                registry,
                new Bootstrap.Settings(
                        settings.services().first(), config.httpsPort(), ApiServer.unstored(auth.reviews())),
                policy,
                presence,
                Clock.systemUTC());
        this.customKinds = new CustomKinds(
                server.store(),
                registry,
                new CrdSubscription(cache),
                new Converters(vertx, new WebhookAddresses(new Reads(cache), registry)),
                Clock.systemUTC());
        this.customKindsThread = Thread.ofVirtual().name("custom-kinds").unstarted(customKinds::run);
        this.aggregation = RoleAggregation.start(
                server.store(), registry.require("rbac.authorization.k8s.io", "clusterroles"), cache);
        this.bootstrapThread = Thread.ofVirtual().name("bootstrap").unstarted(bootstrap::run);
    }

    private static MetricsKinds metrics(Reads reads, ResourceRegistry registry, KubeletClients kubelets) {
        NodeTexts nodes = new NodeTexts(reads, registry, kubelets);
        return new MetricsKinds(reads, registry, node -> nodes.get(node, "/metrics/resource"), Clock.systemUTC());
    }

    void install(@Observes Router router) {
        // Before everything else: no other route may answer without the filters.
        router.route().order(Integer.MIN_VALUE).handler(routing -> server.handle(routing.request()));
    }

    void start(@Observes StartupEvent event) {
        bootstrapThread.start();
        customKindsThread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        bootstrapThread.interrupt();
        presence.close();
        customKindsThread.interrupt();
        aggregation.close();
    }

    private Optional<String> problem() {
        return bootstrap.problem().or(customKinds::problem);
    }
}
