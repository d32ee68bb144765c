package dev.keelson.node;

import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.pod.NodeNetwork;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The node's network from the agent's start on: first nothing, then, when the address range is known, up and following
 * services and endpoints. One virtual thread; a burst of changes is applied once.
 */
final class AgentNetwork implements NodeNetwork, AutoCloseable {
    private static final Logger LOG = System.getLogger(AgentNetwork.class.getName());
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final NetworkStarter starter;
    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;
    private final String nodeIp;
    private final Runnable onUp;
    private final Consumer<String> onDown;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Semaphore changes = new Semaphore(1);
    private volatile Optional<RunningNetwork> running = Optional.empty();
    private volatile Optional<Thread> thread = Optional.empty();

    /**
     * @param onUp called once the network is up
     * @param onDown told why it is not, each time that bringing it up fails
     */
    AgentNetwork(
            NetworkStarter starter,
            Informer<Service> services,
            Informer<EndpointSlice> slices,
            String nodeIp,
            Runnable onUp,
            Consumer<String> onDown) {
        this.starter = starter;
        this.services = services;
        this.slices = slices;
        this.nodeIp = nodeIp;
        this.onUp = onUp;
        this.onDown = onDown;
        services.addHandler(new Changed<>());
        slices.addHandler(new Changed<>());
    }

    private final class Changed<T extends HasMetadata> implements ResourceHandler<T> {
        @Override
        public void onAdd(T object) {
            changes.release();
        }

        @Override
        public void onUpdate(T before, T after) {
            changes.release();
        }

        @Override
        public void onDelete(T last) {
            changes.release();
        }
    }

    /** The node's address range is known. Later calls do nothing: a range never changes. */
    void begin(String podCidr) {
        if (begun.compareAndSet(false, true)) {
            thread = Optional.of(Thread.ofVirtual().name("network").start(() -> run(podCidr)));
        }
    }

    private void run(String podCidr) {
        try {
            RunningNetwork network = bringUp(podCidr);
            running = Optional.of(network);
            onUp.run();
            while (!services.awaitSync(LONGEST_RETRY) || !slices.awaitSync(LONGEST_RETRY)) {
                LOG.log(Level.INFO, "waiting for services and endpoints");
            }
            follow(network);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private RunningNetwork bringUp(String podCidr) throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (true) {
            try {
                RunningNetwork network = starter.start(podCidr);
                LOG.log(Level.INFO, "network up podCIDR={0}", podCidr);
                return network;
            } catch (RuntimeException refused) {
                LOG.log(Level.WARNING, "network not up podCIDR=" + podCidr, refused);
                onDown.accept("the node's network cannot be brought up: " + refused.getMessage());
                Thread.sleep(retry);
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
            }
        }
    }

    private void follow(RunningNetwork network) throws InterruptedException {
        while (true) {
            changes.acquire();
            changes.drainPermits();
            try {
                network.services(services.lister().list(), slices.lister().list());
            } catch (RuntimeException refused) {
                LOG.log(Level.WARNING, "services not programmed", refused);
                Thread.sleep(FIRST_RETRY);
                changes.release();
            }
        }
    }

    @Override
    public Optional<NetworkSandbox> sandboxes() {
        return running.map(RunningNetwork::sandboxes);
    }

    @Override
    public String nodeIp() {
        return nodeIp;
    }

    /** Address of the cluster's resolver; empty until the network is up. */
    String dnsServer() {
        return sandboxes().map(NetworkSandbox::dnsServer).orElse("");
    }

    @Override
    public void drain(String podUid, String podIp, Duration limit) {
        running.ifPresent(network -> network.drain(podUid, podIp, limit));
    }

    @Override
    public void forget(String podUid) {
        running.ifPresent(network -> network.forget(podUid));
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
        running.ifPresent(RunningNetwork::close);
    }
}
