package dev.keelson.apiserver.http.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusJsonTest {

    /** kubectl 1.20 prints "The request is invalid" and nothing else when there are no details. */
    @ParameterizedTest
    @EnumSource
    void detailsAreLeftOutOnlyWhereKubernetesLeavesThemOut(StatusReason reason) {
        boolean detailed = Set.of(
                        StatusReason.FORBIDDEN,
                        StatusReason.INVALID,
                        StatusReason.NOT_FOUND,
                        StatusReason.METHOD_NOT_ALLOWED)
                .contains(reason);

        assertThat(StatusJson.failure(new ApiFailure(reason, "why", StatusDetails.NONE))
                        .has("details"))
                .isEqualTo(detailed);
    }
}
