package dev.keelson.controllers.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.cleanup.PodGcPlanner.PodView;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PodGcPlannerTest {

    @Test
    void podsOfAMissingNodeAndDeletedUnboundPodsAreRemoved() {
        List<PodView> pods = List.of(
                pod("orphan", "gone", false, false, 1),
                pod("stays", "here", false, false, 1),
                pod("unbound", "", false, true, 1),
                pod("waiting", "", false, false, 1));

        assertThat(PodGcPlanner.plan(pods, Set.of("gone"), 10))
                .extracting(removal -> removal.pod().name())
                .containsExactlyInAnyOrder("orphan", "unbound");
    }

    @Test
    void oldestEndedPodsBeyondTheThresholdAreRemoved() {
        List<PodView> pods = List.of(
                pod("new", "n", true, false, 3), pod("old", "n", true, false, 1), pod("mid", "n", true, false, 2));

        assertThat(PodGcPlanner.plan(pods, Set.of(), 2))
                .extracting(removal -> removal.pod().name())
                .containsExactly("old");
    }

    private static PodView pod(String name, String node, boolean ended, boolean terminating, int age) {
        return new PodView("shop", name, "uid-" + name, node, ended, terminating, Instant.ofEpochSecond(age));
    }
}
