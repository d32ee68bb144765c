package dev.keelson.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final WorkQueue<String> queue = new WorkQueue<>(now::get);

    @Test
    void keyWaitsOnceHoweverOftenItIsAdded() {
        queue.add("a");
        queue.add("a");

        assertThat(queue.poll()).contains("a");
        queue.done("a");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void keyAddedWhileInWorkWaitsForTheWorkToEnd() {
        queue.add("a");
        queue.poll();
        queue.add("a");

        assertThat(queue.poll()).isEmpty();
        queue.done("a");
        assertThat(queue.poll()).contains("a");
    }

    @Test
    void tellsHowLongKeysWaitAndAreWorkedOn() {
        List<String> said = new ArrayList<>();
        WorkQueue<String> measured = new WorkQueue<>(now::get, new QueueMetrics() {
            @Override
            public void added() {
                said.add("added");
            }

            @Override
            public void depth(int waiting) {
                said.add("depth " + waiting);
            }

            @Override
            public void waited(Duration time) {
                said.add("waited " + time);
            }

            @Override
            public void worked(Duration time) {
                said.add("worked " + time);
            }

            @Override
            public void retried() {
                said.add("retried");
            }
        });
        measured.add("a");
        measured.add("a");
        pass(Duration.ofSeconds(2));
        measured.poll();
        measured.addAfterFailure("a");
        pass(Duration.ofSeconds(3));
        measured.done("a");
        assertThat(said).containsExactly("added", "depth 1", "waited PT2S", "depth 0", "retried", "worked PT3S");
    }

    @Test
    void earliestOfSeveralDelaysCounts() {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(2));
        queue.addAfter("a", Duration.ofSeconds(30));
        pass(Duration.ofSeconds(2));

        assertThat(queue.poll()).contains("a");
        queue.done("a");
        pass(Duration.ofMinutes(1));
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void delayAfterFailuresDoublesUpToTenSeconds() {
        assertThat(queue.addAfterFailure("a")).isEqualTo(Duration.ofMillis(10));
        assertThat(queue.addAfterFailure("a")).isEqualTo(Duration.ofMillis(20));
        for (int i = 0; i < 100; i++) {
            queue.addAfterFailure("a");
        }
        assertThat(queue.addAfterFailure("a")).isEqualTo(Duration.ofSeconds(10));

        queue.forgetFailures("a");
        assertThat(queue.addAfterFailure("a")).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void closingWakesTheWaitingWorker() throws InterruptedException {
        AtomicReference<Optional<String>> taken = new AtomicReference<>(Optional.of("nothing yet"));
        Thread worker = Thread.ofVirtual().start(() -> {
            try {
                taken.set(queue.take());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        queue.close();

        assertThat(worker.join(Duration.ofSeconds(5))).isTrue();
        assertThat(taken.get()).isEmpty();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
