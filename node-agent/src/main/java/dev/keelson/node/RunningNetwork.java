package dev.keelson.node;

import dev.keelson.node.network.NetworkSandbox;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;

/** The node's network while it is up. */
interface RunningNetwork extends AutoCloseable {

    NetworkSandbox sandboxes();

    /** Makes services' addresses and names what these lists say; they must be complete. */
    void services(List<Service> services, List<EndpointSlice> slices);

    /** Withdraws a pod from services and waits until its connections are quiet, at most {@code limit}. */
    void drain(String podUid, String podIp, Duration limit);

    void forget(String podUid);

    /** Lets go of the kernel's sockets; pods stay connected. */
    @Override
    void close();
}
