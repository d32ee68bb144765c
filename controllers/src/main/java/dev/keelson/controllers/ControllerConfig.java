package dev.keelson.controllers;

import dev.keelson.controllers.serviceaccount.TokenKeyFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the controllers must be told.
 *
 * @param identity who this process is in the election of the active controllers; the same after a restart on the same
 *     data directory, so that no lease has to run out
 * @param clusterPodCidr IPv4 range that nodes get their /24 from, such as {@code 10.42.0.0/16}
 * @param rootCertificateAuthority PEM file published to every namespace as {@code kube-root-ca.crt}
 * @param authorityKey PEM file (PKCS #8) with that authority's key, which signs approved CertificateSigningRequests
 * @param tokenKeys sign the tokens that Secrets hold for service accounts
 * @param nodeGracePeriod how long a node may be silent before it counts as unreachable
 * @param eventLifetime how long events are kept
 */
public record ControllerConfig(
        String identity,
        String clusterPodCidr,
        Path rootCertificateAuthority,
        Path authorityKey,
        TokenKeyFiles tokenKeys,
        Duration nodeGracePeriod,
        Duration eventLifetime) {

    public static final Duration DEFAULT_NODE_GRACE_PERIOD = Duration.ofSeconds(40);
    public static final Duration DEFAULT_EVENT_LIFETIME = Duration.ofHours(1);

    public ControllerConfig {
        List<String> problems = new ArrayList<>();
        if (identity.isBlank()) {
            problems.add("identity is empty; use the node's name");
        }
        if (!clusterPodCidr.matches("\\d{1,3}(\\.\\d{1,3}){3}/([89]|1\\d|2[0-4])")) {
            problems.add("clusterPodCidr \"%s\" is no IPv4 range between /8 and /24, such as 10.42.0.0/16"
                    .formatted(clusterPodCidr));
        }
        if (nodeGracePeriod.isNegative() || nodeGracePeriod.isZero()) {
            problems.add("nodeGracePeriod must be positive, is " + nodeGracePeriod);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("controllers: " + String.join("; ", problems));
        }
    }

    public ControllerConfig(
            String identity,
            String clusterPodCidr,
            Path rootCertificateAuthority,
            Path authorityKey,
            TokenKeyFiles tokenKeys) {
        this(
                identity,
                clusterPodCidr,
                rootCertificateAuthority,
                authorityKey,
                tokenKeys,
                DEFAULT_NODE_GRACE_PERIOD,
                DEFAULT_EVENT_LIFETIME);
    }
}
