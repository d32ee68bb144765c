package dev.keelson.node;

import java.net.URI;
import java.nio.file.Path;

/**
 * What an agent is told when it starts; everything else it learns from the API server.
 *
 * @param dataDir the node's directory; the agent keeps everything it owns under {@code dataDir/node}
 * @param clusterName names host-wide things (bridge, nftables table, cgroup parent) so that clusters do not meet
 * @param nodeName the Node object that this agent answers for
 * @param nodeIp address that the API server and other nodes reach this node at
 * @param port port of the agent's HTTPS API; 0 picks a free one and keeps it across restarts
 * @param apiServer base address of the API server
 * @param certificateAuthority PEM file of the cluster's authority
 * @param certificate PEM file of the node's certificate (both client and server use)
 * @param key PEM file (PKCS#8) of the node's private key
 * @param serviceCidr range of cluster IPs, for example {@code 10.128.0.0/16}
 * @param clusterDomain DNS suffix of services, {@code cluster.local}
 * @param launcher path of the static launcher binary
 */
public record AgentConfig(
        Path dataDir,
        String clusterName,
        String nodeName,
        String nodeIp,
        int port,
        URI apiServer,
        Path certificateAuthority,
        Path certificate,
        Path key,
        String serviceCidr,
        String clusterDomain,
        Path launcher) {}
