package dev.keelson.apiserver.storage.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one watcher has received over all its connections and all the lives of its server. */
final class WatcherRecord {
    private final String resource;
    private final String namespace;
    private final List<String> events = new ArrayList<>();

    WatcherRecord(String resource, String namespace) {
        this.resource = resource;
        this.namespace = namespace;
    }

    String resource() {
        return resource;
    }

    String namespace() {
        return namespace;
    }

    synchronized void add(String event) {
        events.add(event);
        notifyAll();
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Where a client would resume: the revision of the last event it has. */
    synchronized long resumeAt() {
        return events.isEmpty()
                ? 1
                : Long.parseLong(events.getLast().substring(0, events.getLast().indexOf(' ')));
    }

    /** Waits until at least so many events are here; what is wrong with them then, the caller finds out. */
    synchronized void awaitCount(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (events.size() < count && System.nanoTime() < deadline) {
                wait(100);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
