package dev.keelson.apiserver.registry.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodColumnsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final String RUNNING = "{name: c, ready: true, restartCount: 0, state: {running: {}}}";

    private static ObjectNode pod(String yaml) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper(new com.fasterxml.jackson.dataformat.yaml.YAMLFactory()).readTree(yaml);
    }

    private static List<Object> cells(ObjectNode pod) {
        return PodColumns.list().stream()
                .map(column -> column.cell().apply(pod, NOW))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "phase: Pending | Pending",
                "phase: Failed, reason: Evicted | Evicted",
                "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}] | SchedulingGated",
                "phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: CrashLoopBackOff}}}] | CrashLoopBackOff",
                "phase: Running, containerStatuses: [{name: c, state: {terminated: {exitCode: 0, reason: Completed}}}] | Completed",
                "phase: Failed, containerStatuses: [{name: c, state: {terminated: {exitCode: 3}}}] | ExitCode:3",
                "phase: Failed, containerStatuses: [{name: c, state: {terminated: {exitCode: 137, signal: 9}}}] | Signal:9",
                "phase: Pending, initContainerStatuses: [{name: i, state: {running: {}}}] | Init:0/1",
                "phase: Pending, initContainerStatuses: [{name: i, state: {waiting: {reason: PodInitializing}}}] | Init:0/1",
                "phase: Pending, initContainerStatuses: [{name: i, state: {waiting: {reason: ErrImagePull}}}] | Init:ErrImagePull",
                "phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: 2}}}] | Init:ExitCode:2",
                "phase: Running, initContainerStatuses: [{name: i, state: {terminated: {exitCode: 0}}}], containerStatuses: ["
                        + RUNNING + "] | Running",
            })
    void statusWords(String status, String word) throws JsonProcessingException {
        ObjectNode pod =
                pod("{spec: {initContainers: [{name: i}], containers: [{name: c}]}, status: {" + status + "}}");
        assertThat(PodStatusWord.of(pod).word()).isEqualTo(word.strip());
    }

    @Test
    void completedNextToRunningIsRunningOnlyWhenThePodIsReady() throws JsonProcessingException {
        String statuses = "containerStatuses: [{name: d, state: {terminated: {exitCode: 0, reason: Completed}}}, "
                + RUNNING + "]";
        assertThat(PodStatusWord.of(pod("{status: {phase: Running, " + statuses + "}}"))
                        .word())
                .isEqualTo("NotReady");
        assertThat(PodStatusWord.of(pod("{status: {phase: Running, conditions: [{type: Ready, status: 'True'}], "
                                + statuses + "}}"))
                        .word())
                .isEqualTo("Running");
    }

    @Test
    void aDeletedPodIsTerminatingUntilItsPhaseIsFinal() throws JsonProcessingException {
        assertThat(PodStatusWord.of(pod("{metadata: {deletionTimestamp: x}, status: {phase: Running}}"))
                        .word())
                .isEqualTo("Terminating");
        assertThat(PodStatusWord.of(pod("{metadata: {deletionTimestamp: x}, status: {phase: Succeeded}}"))
                        .word())
                .isEqualTo("Succeeded");
        assertThat(PodStatusWord.of(
                                pod("{metadata: {deletionTimestamp: x}, status: {phase: Running, reason: NodeLost}}"))
                        .word())
                .isEqualTo("Unknown");
    }

    @Test
    void startedSidecarsCountAsContainers() throws JsonProcessingException {
        PodStatusWord status = PodStatusWord.of(pod("""
                spec: {initContainers: [{name: s, restartPolicy: Always}], containers: [{name: c}]}
                status:
                  phase: Running
                  initContainerStatuses: [{name: s, ready: true, started: true, restartCount: 2, state: {running: {}}}]
                  containerStatuses: [{name: c, ready: true, restartCount: 1, state: {running: {}}}]
                """));
        assertThat(status.ready() + "/" + status.total()).isEqualTo("2/2");
        assertThat(status.restarts()).isEqualTo(3);
    }

    @Test
    void theRowOfARunningPod() throws JsonProcessingException {
        ObjectNode pod = pod("""
                metadata: {name: web-1, creationTimestamp: "2026-01-01T00:55:00Z"}
                spec: {nodeName: n1, containers: [{name: c}], readinessGates: [{conditionType: g}]}
                status:
                  phase: Running
                  podIP: 10.0.0.7
                  conditions: [{type: g, status: "True"}]
                  containerStatuses:
                  - {name: c, ready: true, restartCount: 3, state: {running: {}}, lastState: {terminated: {finishedAt: "2026-01-01T00:57:30Z"}}}
                """);
        assertThat(cells(pod))
                .containsExactly("1/1", "Running", "3 (2m30s ago)", "5m", "10.0.0.7", "n1", "<none>", "1/1");
    }

    @Test
    void anEmptyObjectPrintsWithoutFailing() throws JsonProcessingException {
        assertThat(cells(pod("{}")))
                .containsExactly("0/0", "", "0", "<unknown>", "<none>", "<none>", "<none>", "<none>");
        assertThat(cells(pod("{spec: [1], status: {containerStatuses: x, podIPs: {a: 1}}, metadata: 3}")))
                .hasSize(8);
    }
}
