package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.AdmissionChain;
import dev.keelson.apiserver.admission.NamespaceLifecycle;
import dev.keelson.apiserver.admission.PodDefaultsAdmission;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.BuiltinAuthorizer;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.WatchCache;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/** Puts the API server into the process: the one place where Quarkus meets the parts. */
@Singleton
public final class ServerAssembly {
    private final ApiServer server;

    ServerAssembly(Vertx vertx, Storage storage, WatchCache cache, ServerConfig config) {
        ResourceRegistry registry = new ResourceRegistry(BuiltinKinds.list());
        Authorizer authorizer = new BuiltinAuthorizer();
        this.server = new ApiServer(
                new ApiServer.Parts(
                        vertx,
                        Clock.systemUTC(),
                        storage,
                        cache,
                        registry,
                        authorizer,
                        new AdmissionChain(List.of(
                                new NamespaceLifecycle(cache, storage, registry.require("", "namespaces")),
                                new PodDefaultsAdmission())),
                        request -> List.of(),
                        (kind, object) -> SchemaCheck.Findings.NONE,
                        null,
                        null),
                List.of());
    }

    void install(@Observes Router router) {
        // Before everything else: no other route may answer without the filters.
        router.route().order(Integer.MIN_VALUE).handler(routing -> server.handle(routing.request()));
    }
}
