package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.DesiredPods;
import dev.keelson.node.pod.spec.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One pod's thread: waits for news or for the planned moment, then syncs. News carry no content; what is wanted is
 * read when the sync begins, so a burst of changes costs one sync.
 */
final class PodWorker implements Runnable {
    private static final Logger LOG = System.getLogger(PodWorker.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AtomicReference<DesiredPod> desired;
    private final Semaphore news = new Semaphore(1);
    private final PodSync sync;
    private final InstantSource clock;
    private final Runnable onForgotten;
    private volatile boolean closed;

    PodWorker(DesiredPod pod, PodHost host, Runnable onForgotten) {
        this.desired = new AtomicReference<>(pod);
        this.sync = new PodSync(host, this::wake);
        this.clock = host.clock();
        this.onForgotten = onForgotten;
    }

    /** The pod has changed in the API. */
    void offer(DesiredPod pod) {
        desired.set(pod);
        wake();
    }

    /** The API server has no such pod any more. */
    void gone() {
        desired.updateAndGet(pod -> pod.withLifecycle(new Lifecycle.Gone(DesiredPods.ORPHAN_GRACE, false)));
        wake();
    }

    /** The pod's own source does not want it any more: it ends as it asked to. */
    void end() {
        DesiredPod before = desired.getAndUpdate(pod -> pod.withLifecycle(new Lifecycle.Gone(pod.grace(), true)));
        if (!(before.lifecycle() instanceof Lifecycle.Gone)) {
            wake();
        }
    }

    /** The node ends the pod. */
    void evict(Eviction reason) {
        sync.evict(reason);
        wake();
    }

    void wake() {
        news.release();
    }

    void close() {
        closed = true;
        wake();
    }

    DesiredPod desired() {
        return desired.get();
    }

    @Override
    public void run() {
        Optional<Instant> wakeAt = Optional.empty();
        try {
            while (!closed) {
                await(wakeAt);
                if (closed) {
                    return;
                }
                PodSync.Result result = syncSafely();
                if (result.forgotten()) {
                    onForgotten.run();
                    return;
                }
                wakeAt = result.wakeAt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Optional<Instant> wakeAt) throws InterruptedException {
        if (wakeAt.isEmpty()) {
            news.acquire();
        } else {
            long nanos =
                    Math.max(0, Duration.between(clock.instant(), wakeAt.get()).toNanos());
            news.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        }
        news.drainPermits();
    }

    /** No failure may end a pod's worker: whatever a step throws, the pod is looked at again. */
    private PodSync.Result syncSafely() {
        DesiredPod pod = desired.get();
        try {
            return sync.sync(pod);
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "sync failed pod=" + pod.key() + " uid=" + pod.uid(), failure);
            return new PodSync.Result(Optional.of(clock.instant().plus(RETRY)), false);
        }
    }
}
