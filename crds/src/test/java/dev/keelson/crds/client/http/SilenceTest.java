package dev.keelson.crds.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration NEVER = Duration.ofMillis(200);

    private final Semaphore rung = new Semaphore(0);
    private final Silence silence = new Silence(rung::release);

    @Test
    void aWaitThatIsTooLongIsToldOnce() throws InterruptedException {
        silence.begins(SHORT);
        assertThat(rings(LONG)).isTrue();
        assertThat(rings(NEVER)).isFalse();
    }

    @Test
    void theNextWaitIsWatchedToo() throws InterruptedException {
        silence.begins(SHORT);
        assertThat(rings(LONG)).isTrue();
        silence.ends();
        silence.begins(SHORT);
        assertThat(rings(LONG)).isTrue();
    }

    @Test
    void whatWasHeardIsNoSilence() throws InterruptedException {
        silence.begins(SHORT);
        silence.ends();
        assertThat(rings(NEVER)).isFalse();
    }

    /** The timer of the first wait is not that of the second. */
    @Test
    void anEarlierTimerDoesNotEndALaterWait() throws InterruptedException {
        silence.begins(SHORT);
        silence.ends();
        silence.begins(LONG);
        assertThat(rings(NEVER)).isFalse();
    }

    @Test
    void aShorterWaitDoesNotWaitForTheTimerOfALongerOne() throws InterruptedException {
        silence.begins(LONG);
        silence.ends();
        silence.begins(SHORT);
        assertThat(rings(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void nothingIsToldAfterTheEnd() throws InterruptedException {
        silence.begins(SHORT);
        silence.close();
        silence.begins(SHORT);
        assertThat(rings(NEVER)).isFalse();
    }

    private boolean rings(Duration within) throws InterruptedException {
        return rung.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS);
    }
}
