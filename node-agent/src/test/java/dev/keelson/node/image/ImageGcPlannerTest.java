package dev.keelson.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.image.ImageGcPlanner.Candidate;
import dev.keelson.node.image.ImageGcPlanner.Disk;
import dev.keelson.node.image.ImageGcPlanner.Plan;
import dev.keelson.node.image.ImageGcPlanner.Policy;
import dev.keelson.node.image.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageGcPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Digest digest(int number) {
        return Digest.sha256(new byte[] {(byte) number});
    }

    private static Candidate unused(int number, Duration since) {
        return new Candidate(digest(number), NOW.minus(since), false);
    }

    @ParameterizedTest
    @CsvSource({"84, false", "85, true", "100, true", "0, false"})
    void imagesGoFromTheHighThresholdOn(int usedPercent, boolean something) {
        Disk disk = new Disk(1000, 1000 - usedPercent * 10L);

        Plan plan = ImageGcPlanner.plan(Policy.DEFAULT, disk, List.of(unused(1, Duration.ofDays(1))), NOW);

        assertThat(plan.order()).hasSize(something ? 1 : 0);
        assertThat(plan.wantedAvailable()).isEqualTo(something ? 200 : 0);
    }

    @Test
    void longestUnusedGoesFirstAndWhatIsInUseOrYoungNever() {
        List<Candidate> images = List.of(
                unused(1, Duration.ofHours(1)),
                unused(2, Duration.ofDays(9)),
                new Candidate(digest(3), NOW.minus(Duration.ofDays(99)), true),
                unused(4, Duration.ofSeconds(119)),
                unused(5, Duration.ofMinutes(2)));

        Plan plan = ImageGcPlanner.plan(Policy.DEFAULT, new Disk(1000, 0), images, NOW);

        assertThat(plan.order()).containsExactly(digest(2), digest(1), digest(5));
    }

    @Test
    void orderOfTheInputIsIrrelevant() {
        Random random = new Random(7);
        for (int world = 0; world < 200; world++) {
            List<Candidate> images = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                images.add(new Candidate(digest(i), NOW.minusSeconds(random.nextInt(400)), random.nextInt(3) == 0));
            }
            Plan plan = ImageGcPlanner.plan(Policy.DEFAULT, new Disk(100, 1), images, NOW);
            Collections.shuffle(images, random);

            assertThat(ImageGcPlanner.plan(Policy.DEFAULT, new Disk(100, 1), images, NOW))
                    .isEqualTo(plan);
        }
    }

    @Test
    void diskThatSaysNothingCostsNothing() {
        assertThat(ImageGcPlanner.plan(Policy.DEFAULT, new Disk(0, 0), List.of(unused(1, Duration.ofDays(1))), NOW))
                .isEqualTo(Plan.NOTHING);
    }

    @Test
    void thresholdsMustFitTogether() {
        assertThatThrownBy(() -> new Policy(80, 85, Duration.ZERO)).hasMessageContaining("low 85 and high 80");
    }
}
