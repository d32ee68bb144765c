package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.registry.admissionregistration.AdmissionKinds;
import dev.keelson.apiserver.registry.apiextensions.ApiextensionsKinds;
import dev.keelson.apiserver.registry.apiregistration.ApiServiceKind;
import dev.keelson.apiserver.registry.apps.AppsKinds;
import dev.keelson.apiserver.registry.autoscaling.AutoscalingKinds;
import dev.keelson.apiserver.registry.batch.BatchKinds;
import dev.keelson.apiserver.registry.certificates.CertificateKinds;
import dev.keelson.apiserver.registry.coordination.CoordinationKinds;
import dev.keelson.apiserver.registry.core.CoreKinds;
import dev.keelson.apiserver.registry.discovery.DiscoveryKinds;
import dev.keelson.apiserver.registry.events.EventsKinds;
import dev.keelson.apiserver.registry.flowcontrol.FlowControlKinds;
import dev.keelson.apiserver.registry.networking.NetworkingKinds;
import dev.keelson.apiserver.registry.node.NodeApiKinds;
import dev.keelson.apiserver.registry.policy.PolicyKinds;
import dev.keelson.apiserver.registry.quota.QuotaKinds;
import dev.keelson.apiserver.registry.rbac.RbacKinds;
import dev.keelson.apiserver.registry.scheduling.SchedulingKinds;
import dev.keelson.apiserver.registry.storage.StorageKinds;
import dev.keelson.apiserver.registry.volume.VolumeKinds;
import java.util.List;
import java.util.stream.Stream;

/** Every kind that is served without a CustomResourceDefinition, group by group. */
public final class BuiltinKinds {
    private BuiltinKinds() {}

    public static List<ResourceDefinition> list() {
        return Stream.of(
                        CoreKinds.list(),
                        ApiextensionsKinds.list(),
                        VolumeKinds.list(),
                        QuotaKinds.list(),
                        AppsKinds.list(),
                        CoordinationKinds.list(),
                        DiscoveryKinds.list(),
                        EventsKinds.list(),
                        RbacKinds.list(),
                        AdmissionKinds.list(),
                        ApiServiceKind.list(),
                        AutoscalingKinds.list(),
                        BatchKinds.list(),
                        CertificateKinds.list(),
                        FlowControlKinds.list(),
                        NetworkingKinds.list(),
                        NodeApiKinds.list(),
                        PolicyKinds.list(),
                        SchedulingKinds.list(),
                        StorageKinds.list())
                .flatMap(List::stream)
                .toList();
    }
}
