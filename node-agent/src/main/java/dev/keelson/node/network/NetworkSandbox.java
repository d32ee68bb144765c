package dev.keelson.node.network;

import java.nio.file.Path;
import java.util.List;

/**
 * Gives pods their place on the network through the CNM drivers. Repeatable: attaching an attached pod answers the
 * same addresses, detaching an unknown pod does nothing.
 */
public interface NetworkSandbox {

    /** Gives the pod its addresses while its namespace is being made; {@link #attach} finds them. */
    void reserve(String uid, String namespace, String name, List<HostPort> hostPorts);

    /** Gives the pod its addresses and begins to connect it; {@link #awaitAttached} says how that ends. */
    PodNetwork attach(PodAttachment pod);

    /** Returns when the pod's packets flow. When it cannot be connected, this fails; attaching it again tries again. */
    void awaitAttached(String podUid);

    /** Frees interface, addresses and rules of the pod; works after its namespace is gone. */
    void detach(String podUid);

    /** Uids of all pods that hold network resources on this node. */
    List<String> attached();

    /** Address of the resolver that pods are told to use. */
    String dnsServer();

    /** @param networkNamespace path to open for setns */
    record PodAttachment(String uid, String namespace, String name, Path networkNamespace, List<HostPort> hostPorts) {
        public PodAttachment {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** @param protocol {@code TCP} or {@code UDP} */
    record HostPort(String protocol, String hostIp, int hostPort, int containerPort) {}

    /** @param podIps addresses of the pod, primary first */
    record PodNetwork(List<String> podIps) {
        public PodNetwork {
            podIps = List.copyOf(podIps);
        }
    }
}
