package dev.keelson.node.pod;

import dev.keelson.node.network.NetworkSandbox;
import java.util.Optional;

/** The node's network, which comes up after the agent has learned its address range. */
public interface NodeNetwork {

    Optional<NetworkSandbox> sandboxes();

    /** Address of this node, which host-network pods have. */
    String nodeIp();

    /** Whether this node's service rules still send new connections to the address. */
    boolean serves(String podIp);
}
