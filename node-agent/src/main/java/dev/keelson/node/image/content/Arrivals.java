package dev.keelson.node.image.content;

/** Counts what happens to blobs on their way into the store, so that readers can wait for the next thing. */
final class Arrivals {
    private long count;

    synchronized long count() {
        return count;
    }

    synchronized void signal() {
        count++;
        notifyAll();
    }

    /** Returns once something happened after {@code seen} was counted, or after the time. */
    synchronized void awaitMoreThan(long seen, long millis) throws InterruptedException {
        if (count == seen) {
            wait(millis);
        }
    }
}
