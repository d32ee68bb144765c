package dev.keelson.node.registration;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The node's heartbeat: a Lease in {@code kube-node-lease} (Kubernetes: "Node heartbeats"). */
final class NodeLease {
    private static final String NAMESPACE = "kube-node-lease";
    private static final int LEASE_SECONDS = 40;

    private final ApiClient api;
    private final String nodeName;

    NodeLease(ApiClient api, String nodeName) {
        this.api = api;
        this.nodeName = nodeName;
    }

    void renew(Instant now) {
        try {
            Lease held = api.get(ResourceType.LEASES, NAMESPACE, nodeName);
            api.update(
                    ResourceType.LEASES,
                    new LeaseBuilder(held).withSpec(lease(now).getSpec()).build());
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
            api.create(ResourceType.LEASES, lease(now));
        }
    }

    private Lease lease(Instant now) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName(nodeName)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(nodeName)
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(now.truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC))
                .endSpec()
                .build();
    }
}
