package dev.keelson.controllers.cleanup;

import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Removes pods whose node is gone, pods that were deleted before any node had them, and the oldest ended ones. */
public final class PodGcController implements Controller<ObjectKey> {
    private static final Duration PERIOD = Duration.ofSeconds(20);
    /** A node may be registered anew under its name; its pods wait that long for it. */
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private static final ObjectKey ALL = new ObjectKey("", "all");

    private final ControllerContext context;
    private final InformerCache<Pod> pods;
    private final InformerCache<Node> nodes;
    /** Since when a node that pods are bound to has been missing. */
    private final Map<String, Instant> missing = new HashMap<>();

    public PodGcController(ControllerContext context) {
        this.context = context;
        this.pods = context.informers().cache(ResourceType.PODS);
        this.nodes = context.informers().cache(ResourceType.NODES);
    }

    @Override
    public String name() {
        return "podgc";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        enqueue.accept(ALL);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        List<PodGcPlanner.PodView> views =
                pods.list().stream().map(PodGcController::view).toList();
        PodGcPlanner.plan(views, goneNodes(views), PodGcPlanner.MAX_ENDED).forEach(this::remove);
        return Outcome.after(PERIOD);
    }

    private static PodGcPlanner.PodView view(Pod pod) {
        return new PodGcPlanner.PodView(
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                Pods.node(pod),
                Pods.ended(pod),
                Pods.terminating(pod),
                Times.parse(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH));
    }

    private Set<String> goneNodes(List<PodGcPlanner.PodView> views) {
        Instant now = context.clock().instant();
        Set<String> unknown = new HashSet<>();
        views.stream()
                .map(PodGcPlanner.PodView::node)
                .filter(node -> !node.isEmpty() && nodes.get("", node).isEmpty())
                .forEach(unknown::add);
        missing.keySet().retainAll(unknown);
        unknown.forEach(node -> missing.putIfAbsent(node, now));
        Set<String> gone = new HashSet<>();
        missing.forEach((node, since) -> {
            if (!now.isBefore(since.plus(QUARANTINE)) && absentAtServer(node)) {
                gone.add(node);
            }
        });
        return gone;
    }

    private boolean absentAtServer(String node) {
        try {
            context.client().get(ResourceType.NODES, "", node);
            return false;
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return true;
            }
            throw refused;
        }
    }

    private void remove(PodGcPlanner.Removal removal) {
        var pod = removal.pod();
        try {
            context.client()
                    .delete(
                            ResourceType.PODS,
                            pod.namespace(),
                            pod.name(),
                            DeleteOptions.BACKGROUND.withUid(pod.uid()).withGracePeriod(Duration.ZERO));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND && refused.kind() != ApiException.Kind.CONFLICT) {
                throw refused;
            }
        }
    }
}
