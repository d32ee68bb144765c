package dev.keelson.node.pod;

import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.DesiredPods;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Owns one worker per pod of this node and routes news to it. Thread-safe. */
public final class PodManager implements AutoCloseable {
    private final PodHost host;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final Function<DesiredPod, Optional<Eviction>> refusal;
    private volatile boolean closed;

    /** @param refusal why a pod that has just come to this node cannot run here now; empty when it can */
    public PodManager(PodHost host, Function<DesiredPod, Optional<Eviction>> refusal) {
        this.host = host;
        this.refusal = refusal;
        host.runtime().onEvent(event -> wake(event.podUid()));
    }

    /** A pod that is bound to this node was added or has changed. */
    public void update(Pod pod) {
        DesiredPod desired = DesiredPods.of(pod);
        workers.compute(desired.uid(), (uid, worker) -> {
            if (worker == null) {
                return start(desired);
            }
            worker.offer(desired);
            return worker;
        });
    }

    /** The API server has no such pod any more. */
    public void remove(String podUid) {
        Optional.ofNullable(workers.get(podUid)).ifPresent(PodWorker::gone);
    }

    /** Ends a pod of this node's own with its grace period. */
    public void end(String podUid) {
        Optional.ofNullable(workers.get(podUid)).ifPresent(PodWorker::end);
    }

    /** Ends a pod for the sake of the node: it fails with reason Evicted. */
    public void evict(DesiredPod pod, Eviction reason) {
        Optional.ofNullable(workers.get(pod.uid())).ifPresent(worker -> evict(worker, pod, reason));
    }

    private void evict(PodWorker worker, DesiredPod pod, Eviction reason) {
        host.events().warning(pod, "", "Evicted", reason.message());
        worker.evict(reason);
    }

    /** Whether a pod is to run here and nothing of it does yet. */
    private boolean comes(DesiredPod pod) {
        return pod.lifecycle() instanceof Lifecycle.Wanted
                && !pod.finished()
                && host.runtime().listPodSandboxes().stream()
                        .noneMatch(sandbox -> sandbox.uid().equals(pod.uid()));
    }

    /** Whether anything of the pod is left on this node. */
    public boolean holds(String podUid) {
        return workers.containsKey(podUid);
    }

    /**
     * Removes what is on this node of pods that the API server does not have. Call it only after a complete list: a
     * pod that is missing from {@code known} loses its containers.
     */
    public void removeAllBut(Collection<String> known) {
        for (PodSandbox sandbox : host.runtime().listPodSandboxes()) {
            orphan(known, sandbox.uid(), sandbox.namespace(), sandbox.name());
        }
        List<String> attached =
                host.network().sandboxes().map(NetworkSandbox::attached).orElse(List.of());
        attached.forEach(uid -> orphan(known, uid, "", uid));
        host.volumes().known().forEach(uid -> orphan(known, uid, "", uid));
    }

    private void orphan(Collection<String> known, String uid, String namespace, String name) {
        if (!known.contains(uid)) {
            workers.computeIfAbsent(uid, _ -> start(DesiredPods.orphan(uid, namespace, name)));
        }
    }

    /** Something about the pod may have changed: a container, a probe's result, a volume's source. */
    public void wake(String podUid) {
        Optional.ofNullable(workers.get(podUid)).ifPresent(PodWorker::wake);
    }

    /** Something about the node has changed, such as its network coming up. */
    public void wakeAll() {
        workers.values().forEach(PodWorker::wake);
    }

    /** The pods as this node knows them now. */
    public List<DesiredPod> pods() {
        return workers.values().stream().map(PodWorker::desired).toList();
    }

    public Optional<DesiredPod> find(String namespace, String name) {
        return pods().stream()
                .filter(pod -> pod.namespace().equals(namespace) && pod.name().equals(name))
                // A deleted pod may linger beside its successor of the same name; people mean the living one.
                .min((a, b) -> Boolean.compare(isGone(a), isGone(b)));
    }

    private static boolean isGone(DesiredPod pod) {
        return pod.lifecycle() instanceof Lifecycle.Gone;
    }

    private PodWorker start(DesiredPod pod) {
        PodWorker worker = new PodWorker(pod, host, () -> workers.remove(pod.uid()));
        if (comes(pod)) {
            refusal.apply(pod).ifPresent(reason -> evict(worker, pod, reason));
        }
        if (!closed) {
            Thread.ofVirtual().name("pod-" + pod.key()).start(worker);
        }
        return worker;
    }

    /** Stops deciding; containers run on. */
    @Override
    public void close() {
        closed = true;
        workers.values().forEach(PodWorker::close);
    }
}
