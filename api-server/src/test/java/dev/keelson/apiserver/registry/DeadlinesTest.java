package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeadlinesTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final Deadlines deadlines = new Deadlines(Duration.ofMillis(5));

    @Test
    void whatIsDoneIsAnswered() throws Exception {
        assertThat(deadlines.await(CompletableFuture.completedFuture("ready"), SHORT))
                .isEqualTo("ready");
    }

    @Test
    void whatIsDoneInTimeIsAnswered() throws Exception {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS).execute(() -> stage.complete("later"));
        assertThat(deadlines.await(stage, LONG)).isEqualTo("later");
    }

    @Test
    void failuresAreTheStagesOwn() {
        IllegalStateException broken = new IllegalStateException("broken");
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS).execute(() -> stage.completeExceptionally(broken));
        assertThatThrownBy(() -> deadlines.await(stage, LONG))
                .isInstanceOf(ExecutionException.class)
                .hasCause(broken);
    }

    /** Twice, with nothing to wait for in between: the watcher has gone and must come again. */
    @Test
    void whatIsLateIsLeftAlone() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> deadlines.await(stage, SHORT)).hasCauseInstanceOf(Deadlines.Missed.class);
        }
        assertThat(stage).isNotDone();
    }
}
