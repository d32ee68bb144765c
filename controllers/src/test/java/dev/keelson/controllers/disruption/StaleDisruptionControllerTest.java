package dev.keelson.controllers.disruption;

import static dev.keelson.controllers.TestObjects.pod;
import static dev.keelson.controllers.TestObjects.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StaleDisruptionControllerTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(StaleDisruptionController::new);

    @Test
    void announcementThatCameToNothingIsTakenBackAfterTwoMinutes() {
        announce("a", "EvictionByEvictionAPI");
        world.pass(Duration.ofSeconds(118), loop);
        assertThat(condition("a").getStatus()).isEqualTo("True");

        world.pass(Duration.ofSeconds(4), loop);
        assertThat(condition("a").getStatus()).isEqualTo("False");
        assertThat(condition("a").getReason()).isNull();
        assertThat(Pods.ready(world.client().get(ResourceType.PODS, "shop", "a")))
                .isTrue();
    }

    @Test
    void whatTheNodeAnnouncedStays() {
        announce("a", "TerminationByKubelet");
        world.pass(Duration.ofSeconds(130), loop);

        assertThat(condition("a").getStatus()).isEqualTo("True");
    }

    private void announce(String name, String reason) {
        Pod targeted = new PodBuilder(running(pod(name), "10.0.0.1", true))
                .editStatus()
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(Times.format(world.now()))
                .endCondition()
                .endStatus()
                .build();
        world.client().create(ResourceType.PODS, targeted);
        world.client().updateStatus(ResourceType.PODS, targeted);
    }

    private PodCondition condition(String name) {
        return Pods.condition(world.client().get(ResourceType.PODS, "shop", name), "DisruptionTarget")
                .orElseThrow();
    }
}
