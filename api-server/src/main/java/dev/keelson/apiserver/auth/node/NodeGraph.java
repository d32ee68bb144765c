package dev.keelson.apiserver.auth.node;

import dev.keelson.apiserver.auth.node.PodReferences.Reference;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import dev.keelson.apiserver.watch.WatchFollower;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which node has pods that name which object, kept from the watch cache. What a pod names is read once, when it is bound:
 * a spec's references do not change afterwards, and status updates then cost one look at the uid.
 */
public final class NodeGraph implements WatchFollower.Listener {

    private record Bound(String uid, String node, Set<Edge> edges) {}

    /** One object seen from one node. */
    private record Edge(String node, String namespace, Reference to) {}

    private final Map<ObjectKey, Bound> pods = new HashMap<>();
    private final Map<Edge, Integer> counts = new ConcurrentHashMap<>();
    private final Map<ObjectKey, String> nodeOfPod = new ConcurrentHashMap<>();

    public static NodeGraph start(WatchCache cache) {
        NodeGraph graph = new NodeGraph();
        WatchFollower.start(cache, "", "pods", graph);
        return graph;
    }

    /** Whether a pod bound to the node names the object. */
    boolean reaches(String node, String namespace, String plural, String name) {
        return counts.containsKey(new Edge(node, namespace, new Reference(plural, name)));
    }

    /** Whether the pod is bound to the node. */
    boolean runs(String node, String namespace, String pod) {
        return node.equals(nodeOfPod.get(new ObjectKey("", "pods", namespace, pod)));
    }

    @Override
    public synchronized void replaced(String resource, List<CachedObject> objects) {
        List.copyOf(pods.keySet()).forEach(this::remove);
        objects.forEach(this::put);
    }

    @Override
    public synchronized void changed(List<WatchEvent> events) {
        for (WatchEvent event : events) {
            if (event.type() == WatchEvent.Type.DELETED) {
                remove(event.key());
            } else {
                put(event.object());
            }
        }
    }

    private void put(CachedObject pod) {
        Bound known = pods.get(pod.key());
        if (known != null && known.uid().equals(pod.uid())) {
            return;
        }
        remove(pod.key());
        String node = pod.tree().path("spec").path("nodeName").asText("");
        if (node.isEmpty()) {
            return;
        }
        Set<Edge> edges = PodReferences.of(pod.tree()).stream()
                .map(to -> new Edge(node, pod.key().namespace(), to))
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        edges.forEach(edge -> counts.merge(edge, 1, Integer::sum));
        pods.put(pod.key(), new Bound(pod.uid(), node, edges));
        nodeOfPod.put(pod.key(), node);
    }

    private void remove(ObjectKey key) {
        Bound known = pods.remove(key);
        if (known != null) {
            nodeOfPod.remove(key);
            known.edges().forEach(edge -> counts.computeIfPresent(edge, (_, count) -> count > 1 ? count - 1 : null));
        }
    }
}
