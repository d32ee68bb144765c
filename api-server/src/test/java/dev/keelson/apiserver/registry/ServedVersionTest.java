package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** A view of another version follows the rules of the stored one. */
class ServedVersionTest {
    private static final String NAME = "horizontalpodautoscalers.v1.autoscaling";

    @Test
    void theStatusStaysWhatItWas() {
        ResourceStrategy strategy = KindRows.kind(NAME).strategy();
        ObjectNode old = KindRows.created(NAME);
        old.withObject("/status").put("currentReplicas", 3).put("currentCPUUtilizationPercentage", 40);
        ObjectNode updated = KindRows.created(NAME);
        strategy.prepareForUpdate(updated, old);
        assertThat(updated.at("/status/currentReplicas").asInt()).isEqualTo(3);
        assertThat(updated.at("/status/currentCPUUtilizationPercentage").asInt())
                .isEqualTo(40);
    }
}
