package dev.keelson.controllers.runtime;

import java.util.function.Consumer;

/**
 * One control loop: it says which changes concern which keys, and brings one key from what is to what should be.
 *
 * <p>A controller has no thread, no timer and no retry of its own. It is called for one key at a time; two keys may be in work
 * at once only when its loop has several workers.
 *
 * @param <K> what is reconciled as a unit, usually an {@link dev.keelson.crds.client.ObjectKey}
 */
public interface Controller<K> {

    /** The name in logs, events and queues. */
    String name();

    /** Registers with the caches of the context; {@code enqueue} takes keys from any thread and forgets repetitions. */
    void watch(Consumer<K> enqueue);

    /**
     * Looks at what is true now and acts. Failures are thrown ({@link dev.keelson.crds.client.ApiException} as it comes)
     * and the loop tries again with back-off.
     */
    Outcome reconcile(K key);

    /** How many keys may be in work at once. */
    default int workers() {
        return 1;
    }
}
