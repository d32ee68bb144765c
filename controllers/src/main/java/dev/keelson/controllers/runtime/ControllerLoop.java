package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.ApiException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs one controller: takes keys from its queue, calls it, and decides alone when a key comes back. */
public final class ControllerLoop<K> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControllerLoop.class.getName());
    private static final Duration WORTH_A_LINE = Duration.ofMillis(500);

    private final Controller<K> controller;
    private final WorkQueue<K> queue;
    private final List<Thread> workers = new ArrayList<>();

    public ControllerLoop(Controller<K> controller, InstantSource clock) {
        this(controller, clock, QueueMetrics.Provider.NONE);
    }

    public ControllerLoop(Controller<K> controller, InstantSource clock, QueueMetrics.Provider metrics) {
        this.controller = controller;
        this.queue = new WorkQueue<>(clock, metrics.of(controller.name()));
        controller.watch(queue::add);
    }

    public void start() {
        for (int i = 0; i < controller.workers(); i++) {
            workers.add(Thread.ofVirtual()
                    .name("controller-%s-%d".formatted(controller.name(), i))
                    .start(this::work));
        }
    }

    private void work() {
        try {
            Optional<K> next = queue.take();
            while (next.isPresent()) {
                step(next.get());
                next = queue.take();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** One pass over the next key that is due; false when none is. For simulations, which have no workers. */
    public boolean step() {
        Optional<K> next = queue.poll();
        next.ifPresent(this::step);
        return next.isPresent();
    }

    /** The queue, for a simulation that must know when there is nothing left to do. */
    public WorkQueue<K> queue() {
        return queue;
    }

    private void step(K key) {
        long start = System.nanoTime();
        try {
            Outcome outcome = controller.reconcile(key);
            queue.forgetFailures(key);
            outcome.again().ifPresent(delay -> queue.addAfter(key, delay));
        } catch (RuntimeException failure) {
            retry(key, failure);
        } finally {
            queue.done(key);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (took.compareTo(WORTH_A_LINE) > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "slow pass controller=%s key=%s took=%dms".formatted(controller.name(), key, took.toMillis()));
        }
    }

    private void retry(K key, RuntimeException failure) {
        Duration delay = queue.addAfterFailure(key);
        String line = "failed controller=%s key=%s retry=%dms cause=%s"
                .formatted(controller.name(), key, delay.toMillis(), failure.getMessage());
        if (failure instanceof ApiException refused) {
            // Somebody else was quicker, with a change or a deletion: the next pass sees what they wrote.
            boolean ordinary =
                    refused.kind() == ApiException.Kind.CONFLICT || refused.kind() == ApiException.Kind.NOT_FOUND;
            LOG.log(ordinary ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, line);
        } else {
            LOG.log(System.Logger.Level.ERROR, line, failure);
        }
    }

    @Override
    public void close() {
        queue.close();
        workers.forEach(Thread::interrupt);
    }
}
