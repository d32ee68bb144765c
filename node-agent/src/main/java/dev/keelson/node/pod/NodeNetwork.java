package dev.keelson.node.pod;

import dev.keelson.node.network.NetworkSandbox;
import java.time.Duration;
import java.util.Optional;

/** The node's network, which comes up after the agent has learned its address range. */
public interface NodeNetwork {

    Optional<NetworkSandbox> sandboxes();

    /** Address of this node, which host-network pods have. */
    String nodeIp();

    /**
     * Withdraws the pod from this node's services and waits until no connection through one is in the middle of
     * something, at most {@code limit}. Blocking.
     */
    void drain(String podUid, String podIp, Duration limit);

    /** Ends what {@link #drain} began; the pod is gone. */
    void forget(String podUid);
}
