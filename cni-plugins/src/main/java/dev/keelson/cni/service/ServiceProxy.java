package dev.keelson.cni.service;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.PacketsUnderWay;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Makes service addresses work on this node. Thread-safe.
 *
 * <p>Rules are in the kernel and stay there when this process ends. The first {@link #update} after a start compares
 * them with what is wanted; call it only with complete lists, since what is missing from them is removed.
 */
public final class ServiceProxy implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ServiceProxy.class.getName());
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final NodeFacts node;
    private final ServiceProgrammer programmer;
    private final Set<String> withdrawn = new HashSet<>();
    private ServiceState state = ServiceState.EMPTY;
    private boolean known;

    /**
     * @param host namespace that packets pass, in production the agent's own
     * @param network whose pods use the services
     * @param bridge device of the host that this network's packets come in by
     */
    public ServiceProxy(NetworkNamespace host, Network network, String bridge, String nodeName) {
        this.node =
                new NodeFacts(nodeName, "keelson-%s-services".formatted(network.cluster()), bridge, network.services());
        this.programmer = new ServiceProgrammer(host);
    }

    /** Programs the difference to what the kernel holds, all at once. Repeating it with equal lists changes nothing. */
    public synchronized void update(List<Service> services, List<EndpointSlice> slices) {
        state = ServiceReader.read(services, slices);
        known = true;
        program("update");
    }

    /** What the last update said, for instance for the names of services. */
    public synchronized ServiceState state() {
        return state;
    }

    /**
     * Stops new connections to a pod's endpoints at once, without waiting for the API server to say so. When this
     * returns, none is opened any more, unless the pod is the last that serves.
     */
    public synchronized void withdraw(String podUid) {
        if (withdrawn.add(podUid) && known) {
            program("withdraw");
        }
    }

    /** Ends what {@link #withdraw} began; to be called when the pod is gone for good. */
    public synchronized void forget(String podUid) {
        withdrawn.remove(podUid);
    }

    /**
     * Withdraws a pod and waits until no connection through a service is in the middle of something, so that the pod
     * may be told to stop without a client noticing.
     *
     * @param podIp the pod's address
     * @param limit how long to wait at most
     * @return whether the pod was quiet in the end
     */
    public boolean drain(String podUid, String podIp, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Ipv4 address = Ipv4.parse(podIp);
        FlowActivity activity = programmer.activity();
        withdraw(podUid);
        // Rules of an earlier process may still lead to the pod until the first update has replaced them.
        if (!waitUntil(this::isKnown, deadline)) {
            return false;
        }
        // A connection that is being opened by the rules of before may not be in the list yet.
        PacketsUnderWay.await();
        return waitUntil(() -> !isBusy(address, activity), deadline);
    }

    private static boolean waitUntil(BooleanSupplier condition, long deadline) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(DRAIN_POLL.toNanos());
        }
        return true;
    }

    private synchronized boolean isKnown() {
        return known;
    }

    private boolean isBusy(Ipv4 address, FlowActivity activity) {
        return translated(() -> programmer.flowsAnsweredBy(address)).stream()
                .anyMatch(flow -> activity.isBusyThroughService(flow, address));
    }

    private void program(String trigger) {
        long start = System.nanoTime();
        ServiceRules rules = ServicePlanner.plan(state.withWithdrawn(withdrawn), node);
        int changes = translated(() -> programmer.apply(rules));
        if (changes > 0) {
            LOG.log(
                    Level.INFO,
                    "programmed services table={0} trigger={1} services={2} changes={3} took={4}us",
                    node.table(),
                    trigger,
                    state.services().size(),
                    changes,
                    (System.nanoTime() - start) / 1000);
        }
    }

    /** Removes all rules of services from this node. */
    public synchronized void removeAll() {
        translated(() -> {
            programmer.remove(node.table());
            return node;
        });
    }

    private static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (NetlinkException failure) {
            throw new NetworkException(NetworkException.Kind.TRANSIENT, failure.getMessage(), failure);
        }
    }

    /** Lets go of the kernel's sockets; the rules stay. */
    @Override
    public void close() {
        programmer.close();
    }
}
