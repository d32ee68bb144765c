package dev.keelson.controllers.runtime;

import java.time.Duration;

/** What one work queue tells of itself; the figures are those of client-go's {@code workqueue} metrics. */
public interface QueueMetrics {
    QueueMetrics NONE = new QueueMetrics() {
        @Override
        public void added() {}

        @Override
        public void depth(int waiting) {}

        @Override
        public void waited(Duration time) {}

        @Override
        public void worked(Duration time) {}

        @Override
        public void retried() {}
    };

    /** Makes the metrics of a queue. */
    @FunctionalInterface
    interface Provider {
        Provider NONE = name -> QueueMetrics.NONE;

        /** @param name the controller's */
        QueueMetrics of(String name);
    }

    /** A key came to wait. */
    void added();

    /** How many keys wait now. */
    void depth(int waiting);

    /** How long a key waited until it was taken. */
    void waited(Duration time);

    /** How long the work on a key took. */
    void worked(Duration time);

    /** A key comes back after a failure. */
    void retried();
}
