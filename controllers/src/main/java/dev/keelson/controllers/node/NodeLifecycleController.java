package dev.keelson.controllers.node;

import dev.keelson.controllers.node.NodeHealth.State;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Notices nodes that have fallen silent: their conditions become Unknown and they get the taints that keep new pods away and
 * drive old ones off.
 *
 * <p>Silence is measured from when this process saw the heartbeat Lease change, never by comparing clocks, and starts anew
 * with the process: a cluster that was down for a week does not evict everything when it comes up.
 */
public final class NodeLifecycleController implements Controller<ObjectKey> {
    private static final String LEASES = "kube-node-lease";
    private static final Duration CATCH_UP = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** @param marked whether this controller has declared the node unknown since */
    private record Heartbeat(String renewed, Instant seen, boolean marked) {}

    private final ControllerContext context;
    private final Duration grace;
    private final InformerCache<Node> nodes;
    private final Map<String, Heartbeat> heartbeats = new ConcurrentHashMap<>();
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();

    public NodeLifecycleController(ControllerContext context, Duration grace) {
        this.context = context;
        this.grace = grace;
        this.nodes = context.informers().cache(ResourceType.NODES);
    }

    @Override
    public String name() {
        return "nodelifecycle";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        nodes.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Node node) {
                enqueue.accept(ObjectKey.of(node));
            }

            @Override
            public void onUpdate(Node before, Node after) {
                boolean changed = NodeHealth.state(before, false) != NodeHealth.state(after, false);
                if (changed) {
                    enqueue.accept(ObjectKey.of(after));
                }
            }

            @Override
            public void onDelete(Node last) {
                heartbeats.remove(last.getMetadata().getName());
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        return nodes.get("", key.name()).map(node -> reconcile(key, node)).orElse(Outcome.DONE);
    }

    private Outcome reconcile(ObjectKey key, Node node) {
        Instant now = context.clock().instant();
        State state = NodeHealth.state(node, silent(node, now));
        String time = Times.format(now);
        Node current = node;
        if (state == State.UNREACHABLE) {
            Node unknown = NodeHealth.markUnknown(node, time);
            if (!unknown.equals(node)) {
                current = guard.wrote(key, nodes, context.client().updateStatus(ResourceType.NODES, unknown));
                heartbeats.computeIfPresent(
                        key.name(), (name, last) -> new Heartbeat(last.renewed(), last.seen(), true));
                context.events().warning(node, "NodeNotReady", "no heartbeat for %d s".formatted(grace.toSeconds()));
            }
        }
        List<Taint> taints = NodeHealth.taints(current, state, time);
        List<Taint> present =
                current.getSpec() == null ? List.of() : current.getSpec().getTaints();
        if (!taints.equals(present)) {
            Node tainted = new NodeBuilder(current)
                    .editOrNewSpec()
                    .withTaints(taints)
                    .endSpec()
                    .build();
            guard.wrote(key, nodes, context.client().update(ResourceType.NODES, tainted));
        }
        return Outcome.after(LOOK_AGAIN);
    }

    private boolean silent(Node node, Instant now) {
        String name = node.getMetadata().getName();
        String renewed = renewed(name) + "|" + statusHeartbeat(node);
        boolean reports = NodeHealth.state(node, false) == State.READY;
        Heartbeat latest = heartbeats.merge(
                name,
                new Heartbeat(renewed, now, false),
                // A node that we declared unknown and that says Ready again has spoken, whatever its lease says.
                (known, fresh) ->
                        known.renewed().equals(fresh.renewed()) && !(known.marked() && reports) ? known : fresh);
        return now.isAfter(latest.seen().plus(grace));
    }

    /** Heartbeats are read at the server: they are many, and of no interest to anybody else here. */
    private String renewed(String node) {
        try {
            return String.valueOf(context.client()
                    .get(ResourceType.LEASES, LEASES, node)
                    .getSpec()
                    .getRenewTime());
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return "";
            }
            throw refused;
        }
    }

    /** A status report counts as a heartbeat too, but not the one by which this controller itself says "Unknown". */
    private static String statusHeartbeat(Node node) {
        return NodeHealth.conditions(node).stream()
                .filter(one -> "Ready".equals(one.getType()))
                .map(one -> String.valueOf(one.getLastHeartbeatTime()))
                .findFirst()
                .orElse("");
    }
}
