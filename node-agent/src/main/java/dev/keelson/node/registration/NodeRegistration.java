package dev.keelson.node.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.Backoff;
import dev.keelson.crds.client.Informer;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the Node object of this machine true: creates it, reports its status when that changes and every five minutes,
 * renews its lease every ten seconds, and tells which addresses its pods get. One virtual thread; while the API server
 * is away it tries again, and pods run on.
 */
public final class NodeRegistration implements AutoCloseable {
    private static final Logger LOG = System.getLogger(NodeRegistration.class.getName());
    private static final String STARTING = "waiting for an address range for pods (spec.podCIDR)";
    private static final Duration LEASE_EVERY = Duration.ofSeconds(10);
    /** How long an agent that starts again may take before it calls a node that was ready not ready. */
    private static final Duration RESTART_PATIENCE = Duration.ofSeconds(5);

    private static final Duration STATUS_EVERY = Duration.ofMinutes(5);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private final ApiClient api;
    private final NodeFacts facts;
    private final Path directory;
    private final InstantSource clock;
    private final NodeLease lease;
    private final NodeState state;
    private final Consumer<String> onPodCidr;
    private final Informer<Node> informer;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    private volatile Optional<String> notReady = Optional.of(STARTING);
    private volatile boolean closed;
    private boolean takenOver;
    private volatile List<NodeCondition> conditions = List.of();
    private List<ContainerImage> reportedImages = List.of();
    private volatile Instant statusDue = Instant.MIN;
    private Instant leaseDue = Instant.MIN;

    /**
     * @param directory the node's directory
     * @param onPodCidr told the node's address range, once; must not block
     */
    public NodeRegistration(
            ApiClient api,
            NodeFacts facts,
            Path directory,
            InstantSource clock,
            NodeState state,
            Consumer<String> onPodCidr) {
        this.api = api;
        this.facts = facts;
        this.directory = directory;
        this.clock = clock;
        this.state = state;
        this.onPodCidr = onPodCidr;
        this.lease = new NodeLease(api, facts.name());
        this.informer =
                new Informer<>(api, ResourceType.NODES, "", ListOptions.fields("metadata.name=" + facts.name()));
        this.thread = Thread.ofVirtual().name("node-registration").unstarted(this::run);
    }

    public NodeRegistration start() {
        informer.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Node node) {
                seen(node);
            }

            @Override
            public void onUpdate(Node before, Node after) {
                seen(after);
            }

            @Override
            public void onDelete(Node last) {
                // Somebody removed the Node of a machine that is here: it comes back at once.
                statusDue = Instant.MIN;
                news.release();
            }
        });
        thread.start();
        informer.start();
        return this;
    }

    private void seen(Node node) {
        Optional.ofNullable(node.getSpec())
                .map(spec -> spec.getPodCIDR())
                .filter(range -> !range.isEmpty())
                .ifPresent(onPodCidr);
        List<NodeCondition> said = node.getStatus() == null
                ? List.of()
                : List.copyOf(node.getStatus().getConditions());
        if (said.stream().anyMatch(NodeRegistration::ofSilence)) {
            conditions = said;
            pressuresChanged();
        }
    }

    /**
     * Whether the node controller says it, because it missed the lease: a node that can read this speaks up at once, or
     * its pods would be moved although it is well.
     */
    private static boolean ofSilence(NodeCondition condition) {
        // Not of any type: a condition of somebody else's may be unknown for good.
        return condition.getType().equals("Ready") && "Unknown".equals(condition.getStatus());
    }

    /** Pods can run here. */
    public void ready() {
        report(Optional.empty());
    }

    /** Pods cannot run here, and why. */
    public void notReady(String why) {
        report(Optional.of(why));
    }

    private void report(Optional<String> why) {
        if (!notReady.equals(why)) {
            notReady = why;
            pressuresChanged();
        }
    }

    /** The node has come under a pressure, or out of one: its status is written at once. */
    public void pressuresChanged() {
        statusDue = Instant.MIN;
        news.release();
    }

    private void run() {
        Backoff backoff = Backoff.upTo(LONGEST_RETRY);
        while (!closed) {
            try {
                heartbeat();
                backoff = Backoff.upTo(LONGEST_RETRY);
                Instant next = statusDue.isBefore(leaseDue) ? statusDue : leaseDue;
                await(next.equals(Instant.MIN) ? Duration.ZERO : Duration.between(clock.instant(), next));
            } catch (ApiException away) {
                LOG.log(
                        backoff.worrying() ? Level.WARNING : Level.DEBUG,
                        "node not reported node={0} kind={1} message=\"{2}\" retry={3}ms",
                        facts.name(),
                        away.kind(),
                        away.getMessage(),
                        backoff.pause().toMillis());
                await(backoff.pause());
                backoff = backoff.next();
            } catch (RuntimeException defect) {
                LOG.log(Level.ERROR, "node not reported node=" + facts.name(), defect);
                await(LONGEST_RETRY);
            }
        }
    }

    /**
     * A node that was ready stays so while its agent starts again: its pods run on, and saying otherwise would take them
     * out of their services for nothing.
     */
    private void takeOver(Instant now) {
        takenOver = true;
        try {
            Node node = api.get(ResourceType.NODES, "", facts.name());
            conditions = node.getStatus() == null
                    ? List.of()
                    : List.copyOf(node.getStatus().getConditions());
            boolean ready = conditions.stream()
                    .anyMatch(condition -> condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
            if (ready && notReady.equals(Optional.of(STARTING))) {
                statusDue = now.plus(RESTART_PATIENCE);
            }
        } catch (ApiException absent) {
            if (absent.kind() != ApiException.Kind.NOT_FOUND) {
                takenOver = false;
                throw absent;
            }
        }
    }

    private void heartbeat() {
        Instant now = clock.instant();
        if (!takenOver) {
            takeOver(now);
        }
        if (!now.isBefore(statusDue)) {
            Instant next = now.plus(STATUS_EVERY);
            statusDue = next;
            try {
                writeStatus(now);
            } catch (ApiException failure) {
                statusDue = Instant.MIN;
                throw failure;
            }
        }
        if (!now.isBefore(leaseDue)) {
            // Looked at with every lease: a pull shows within seconds, and nothing is written while nothing changes.
            if (notReady.isEmpty() && !state.images().get().equals(reportedImages)) {
                writeStatus(now);
            }
            lease.renew(now);
            leaseDue = now.plus(LEASE_EVERY);
        }
    }

    private void writeStatus(Instant now) {
        Machine machine = Machine.read(directory);
        NodeStatus status =
                NodeObjects.status(facts, machine, notReady, state.pressures().get(), conditions, now);
        status.setRuntimeHandlers(NodeObjects.handlers(state.handlers().get()));
        List<ContainerImage> present = state.images().get();
        status.setImages(present);
        // Before it is written: what the node controller says after that must not be forgotten again.
        conditions = status.getConditions();
        try {
            patch(status);
        } catch (ApiException absent) {
            if (absent.kind() != ApiException.Kind.NOT_FOUND) {
                throw absent;
            }
            create(machine);
            patch(status);
        }
        reportedImages = present;
        LOG.log(
                Level.INFO,
                "reported node={0} ready={1}{2}",
                facts.name(),
                notReady.isEmpty(),
                notReady.map(why -> " reason=\"" + why + "\"").orElse(""));
    }

    private void create(Machine machine) {
        try {
            api.create(ResourceType.NODES, NodeObjects.node(facts, machine));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.ALREADY_EXISTS) {
                throw refused;
            }
        }
    }

    /** Merges by type, so that conditions and addresses of other writers stay. */
    private void patch(NodeStatus status) {
        ObjectNode body = ApiJson.mapper().createObjectNode();
        body.set("status", ApiJson.mapper().valueToTree(status));
        try {
            byte[] text = ApiJson.mapper().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
            api.patch(ResourceType.NODES, "", facts.name(), "status", PatchType.STRATEGIC_MERGE, text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON tree cannot be written", impossible);
        }
    }

    private void await(Duration time) {
        try {
            news.tryAcquire(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
            news.drainPermits();
        } catch (InterruptedException stopped) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        informer.close();
    }
}
