package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentViewTest {

    /** As kubelet's validateContainerLogStatus has it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ErrImagePull               | : image can't be pulled
            ImagePullBackOff           | : trying and failing to pull image
            CreateContainerConfigError | : CreateContainerConfigError
            """, quoteCharacter = '"')
    void logsOfAContainerThatWaitsSayWhatFor(String reason, String told) {
        assertThat(AgentView.why(waiting(reason), "app")).isEqualTo(told);
    }

    @Test
    void nothingIsSaidOfAContainerThatNothingIsKnownOf() {
        assertThat(AgentView.why(waiting("ErrImagePull"), "other")).isEmpty();
        assertThat(AgentView.why(new PodBuilder().build(), "app")).isEmpty();
    }

    private static Pod waiting(String reason) {
        return new PodBuilder()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("app")
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
