package dev.keelson.controllers.node;

import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives every node its part of the cluster's pod range ({@code spec.podCIDR}); an agent waits for it before it runs pods. */
public final class NodeIpamController implements Controller<ObjectKey> {
    private static final Duration RANGE_FULL = Duration.ofMinutes(1);

    private final ControllerContext context;
    private final String clusterCidr;
    private final InformerCache<Node> nodes;
    /** Ranges given by this process, by node uid, also while the cache does not show them. Only the one worker uses it. */
    private final Map<String, String> given = new HashMap<>();

    public NodeIpamController(ControllerContext context, String clusterCidr) {
        this.context = context;
        this.clusterCidr = clusterCidr;
        this.nodes = context.informers().cache(ResourceType.NODES);
    }

    @Override
    public String name() {
        return "nodeipam";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        nodes.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Node node) {
                if (range(node).isEmpty()) {
                    enqueue.accept(ObjectKey.of(node));
                }
            }

            @Override
            public void onUpdate(Node before, Node after) {
                onAdd(after);
            }
        });
    }

    private static Optional<String> range(Node node) {
        return Optional.ofNullable(node.getSpec())
                .map(spec -> spec.getPodCIDR())
                .filter(range -> range.contains("/") && !range.contains(":"));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Node> waiting =
                nodes.get("", key.name()).filter(node -> range(node).isEmpty());
        if (waiting.isEmpty()) {
            return Outcome.DONE;
        }
        Node node = waiting.get();
        List<Node> all = nodes.list();
        given.keySet()
                .retainAll(all.stream().map(one -> one.getMetadata().getUid()).toList());
        List<String> used = new ArrayList<>(given.values());
        all.forEach(one -> range(one).ifPresent(used::add));

        Optional<String> range = Optional.ofNullable(
                        given.get(node.getMetadata().getUid()))
                .or(() -> PodCidrs.allocate(clusterCidr, used));
        if (range.isEmpty()) {
            context.events()
                    .warning(node, "CIDRNotAvailable", "every /24 of %s is in use by a node".formatted(clusterCidr));
            return Outcome.after(RANGE_FULL);
        }
        given.put(node.getMetadata().getUid(), range.get());
        context.client()
                .update(
                        ResourceType.NODES,
                        new NodeBuilder(node)
                                .editOrNewSpec()
                                .withPodCIDR(range.get())
                                .withPodCIDRs(range.get())
                                .endSpec()
                                .build());
        return Outcome.DONE;
    }
}
