package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.PullProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullNewsTest {
    private static final long MIB = 1 << 20;

    @Test
    void sumOfTheBlobsIsToldOnceInAWhile() {
        ManualClock clock = new ManualClock();
        List<String> told = new ArrayList<>();
        PullNews news = new PullNews(clock, told::add);

        news.accept(new PullProgress("a", 10 * MIB, 100 * MIB));
        clock.advance(Duration.ofSeconds(14));
        news.accept(new PullProgress("a", 20 * MIB, 100 * MIB));
        assertThat(told).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        news.accept(new PullProgress("b", 5 * MIB, 40 * MIB));
        news.accept(new PullProgress("b", 6 * MIB, 40 * MIB));
        clock.advance(Duration.ofSeconds(15));
        news.accept(new PullProgress("a", 100 * MIB, 100 * MIB));

        assertThat(told).containsExactly("25 of 140 MiB", "106 of 140 MiB");
    }
}
