package dev.keelson.controllers;

import dev.keelson.controllers.certificates.AuthorityFiles;
import dev.keelson.controllers.certificates.SigningRequestController;
import dev.keelson.controllers.cleanup.EventTtlController;
import dev.keelson.controllers.cleanup.PodGcController;
import dev.keelson.controllers.cleanup.TokenCleaner;
import dev.keelson.controllers.deployment.DeploymentController;
import dev.keelson.controllers.disruption.DisruptionController;
import dev.keelson.controllers.disruption.StaleDisruptionController;
import dev.keelson.controllers.endpointslice.EndpointSliceController;
import dev.keelson.controllers.endpointslice.EndpointsController;
import dev.keelson.controllers.garbagecollector.GarbageCollector;
import dev.keelson.controllers.namespace.NamespaceController;
import dev.keelson.controllers.node.NodeIpamController;
import dev.keelson.controllers.node.NodeLifecycleController;
import dev.keelson.controllers.node.TaintEvictionController;
import dev.keelson.controllers.replicaset.ReplicaSetController;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.scheduler.SchedulerController;
import dev.keelson.controllers.serviceaccount.AccountTokenController;
import dev.keelson.controllers.serviceaccount.RootCaController;
import dev.keelson.controllers.serviceaccount.ServiceAccountController;
import java.util.List;

/** Every controller that Keelson runs. A new one is added here and nowhere else. */
public final class Controllers {
    private Controllers() {}

    public static List<Controller<?>> all(ControllerContext context, ControllerConfig config) {
        return List.of(
                new SchedulerController(context),
                new EndpointSliceController(context),
                new EndpointsController(context),
                new ReplicaSetController(context),
                new DeploymentController(context),
                new NodeIpamController(context, config.clusterPodCidr()),
                new NodeLifecycleController(context, config.nodeGracePeriod()),
                new TaintEvictionController(context),
                new DisruptionController(context),
                new StaleDisruptionController(context),
                new NamespaceController(context),
                new GarbageCollector(context),
                new ServiceAccountController(context),
                new RootCaController(context, config.rootCertificateAuthority()),
                new AccountTokenController(context, config.rootCertificateAuthority(), config.tokenKeys()),
                new SigningRequestController(
                        context, new AuthorityFiles(config.rootCertificateAuthority(), config.authorityKey())),
                new PodGcController(context),
                new TokenCleaner(context),
                new EventTtlController(context, config.eventLifetime()));
    }
}
