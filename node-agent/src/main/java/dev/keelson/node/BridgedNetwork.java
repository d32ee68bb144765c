package dev.keelson.node;

import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.network.PodNetworkStack;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;

/** The cluster's default network on this node as the agent sees it. */
record BridgedNetwork(PodNetworkStack stack) implements RunningNetwork {

    static BridgedNetwork start(AgentConfig config, String podCidr) {
        return new BridgedNetwork(PodNetworkStack.start(config, podCidr));
    }

    @Override
    public NetworkSandbox sandboxes() {
        return stack.sandboxes();
    }

    @Override
    public void services(List<Service> services, List<EndpointSlice> slices) {
        stack.services(services, slices);
    }

    @Override
    public void drain(String podUid, String podIp, Duration limit) {
        stack.drain(podUid, podIp, limit);
    }

    @Override
    public void forget(String podUid) {
        stack.forget(podUid);
    }

    @Override
    public void close() {
        stack.close();
    }
}
