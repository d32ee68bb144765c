package dev.keelson.cni.driver;

import java.util.List;

/**
 * How one kind of network is made on this node, in the terms of the Container Network Model: a network is a segment, a
 * sandbox a network namespace, an endpoint the sandbox's place on the network.
 *
 * <p>All calls may be repeated: what exists already is kept, what is gone already is not missed. All fail with
 * {@link NetworkException}.
 */
public interface NetworkDriver {

    /** The name by which a network chooses its driver, such as {@code bridge}. */
    String kind();

    /** Makes what the network needs on the host; repairs what is missing of it. */
    void createNetwork(Network network);

    /** Removes the network with all its endpoints. */
    void deleteNetwork(Network network);

    /** Gives the sandbox its address, for who needs only that yet; {@link #connect} keeps it. Its namespace may be missing. */
    Endpoint reserve(Network network, Sandbox sandbox);

    /** Connects the sandbox. When this returns, packets flow. */
    Endpoint connect(Network network, Sandbox sandbox);

    /** Removes the sandbox's endpoint, also when its namespace is gone; its address is free for others after that. */
    void disconnect(Network network, SandboxId sandbox);

    /** Everything that is connected or has its address reserved, also by an earlier process. */
    List<Endpoint> endpoints(Network network);
}
