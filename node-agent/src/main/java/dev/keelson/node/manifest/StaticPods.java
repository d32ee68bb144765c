package dev.keelson.node.manifest;

import dev.keelson.node.pod.PodManager;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Runs the pods of the manifest directory as long as their files are there, with or without an API server. */
public final class StaticPods implements AutoCloseable {
    private static final Logger LOG = System.getLogger(StaticPods.class.getName());
    /** Short, because a look at an unchanged directory costs next to nothing. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Manifests manifests;
    private final PodManager pods;
    private final MirrorPods mirrors;
    private final Map<String, Pod> active = new ConcurrentHashMap<>();
    private final CountDownLatch looked = new CountDownLatch(1);
    private final Thread loop;

    public StaticPods(Manifests manifests, PodManager pods, MirrorPods mirrors) {
        this.manifests = manifests;
        this.pods = pods;
        this.mirrors = mirrors;
        this.loop = Thread.ofVirtual().name("static-pods").unstarted(this::run);
    }

    /** Begins; repeatable. */
    public synchronized void start() {
        if (loop.getState() == Thread.State.NEW) {
            loop.start();
        }
    }

    /**
     * Waits until the directory has been read and its pods are begun: only then is it known what runs here that nobody
     * wants. A directory that cannot be read is looked at again and again.
     */
    public void awaitFirstLook() throws InterruptedException {
        looked.await();
    }

    /** Uids of the static pods that run or end here. */
    public Set<String> uids() {
        return Set.copyOf(active.keySet());
    }

    private void run() {
        try {
            while (true) {
                try {
                    sync();
                } catch (IOException | RuntimeException failure) {
                    LOG.log(Level.WARNING, "static pods not brought up to date", failure);
                }
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at the directory. */
    void sync() throws IOException {
        Map<String, Pod> wanted = manifests.pods();
        for (String uid : uids()) {
            if (!wanted.containsKey(uid)) {
                pods.end(uid);
                active.computeIfPresent(uid, (_, pod) -> pods.holds(uid) ? pod : null);
            }
        }
        wanted.values().forEach(this::begin);
        looked.countDown();
        mirrors.reconcile(wanted);
    }

    /** A changed file is another pod of the same name: it waits until its predecessor has gone. */
    private void begin(Pod pod) {
        boolean taken = active.values().stream()
                .anyMatch(other ->
                        other.getMetadata().getName().equals(pod.getMetadata().getName())
                                && other.getMetadata()
                                        .getNamespace()
                                        .equals(pod.getMetadata().getNamespace()));
        if (!taken) {
            active.put(pod.getMetadata().getUid(), pod);
            pods.update(mirrors.of(pod)
                    .map(mirror ->
                            new PodBuilder(pod).withStatus(mirror.getStatus()).build())
                    .orElse(pod));
        }
    }

    @Override
    public void close() {
        loop.interrupt();
    }
}
