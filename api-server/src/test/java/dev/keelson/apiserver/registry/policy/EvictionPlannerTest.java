package dev.keelson.apiserver.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionPlannerTest {
    private static final String WEB = "spec: {selector: {matchLabels: {app: web}}}";
    private static final String READY = "conditions: [{type: Ready, status: 'True'}]";

    static ObjectNode yaml(String text) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(text);
    }

    private static ObjectNode pod(String status) throws JsonProcessingException {
        return yaml("{metadata: {name: p, labels: {app: web}}, status: {" + status + "}}");
    }

    private static Eviction plan(ObjectNode pod, String... budgets) throws JsonProcessingException {
        List<ObjectNode> all = new ArrayList<>();
        for (String budget : budgets) {
            all.add(yaml("{metadata: {name: b" + all.size() + "}, " + budget + "}"));
        }
        return EvictionPlanner.plan(pod, all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "phase: Succeeded | Free[]",
                "phase: Failed | Free[]",
                "phase: Pending | WhilePending[]",
                "phase: Running, conditions: [{type: Ready, status: 'True'}] | Counted[budget=b0]",
                "phase: Running | Counted[budget=b0]",
                "phase: Unknown | Counted[budget=b0]",
            })
    void onlyPodsThatRunAreGuarded(String status, String expected) throws JsonProcessingException {
        assertThat(plan(pod(status), WEB)).hasToString(expected);
    }

    @Test
    void aPodThatIsGoingAlreadyIsLetGo() throws JsonProcessingException {
        ObjectNode pod = pod("phase: Running, " + READY);
        pod.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        assertThat(plan(pod, WEB, WEB)).isEqualTo(new Eviction.Free());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "spec: {selector: {matchLabels: {app: web}}} | Counted[budget=b0]",
                "spec: {selector: {matchLabels: {app: db}}} | Free[]",
                "spec: {selector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}} | Free[]",
                "spec: {selector: {}} | Counted[budget=b0]",
                "spec: {minAvailable: 1} | Free[]",
                "spec: {selector: null} | Free[]",
            })
    void budgetsGuardThePodsTheySelect(String budget, String expected) throws JsonProcessingException {
        assertThat(plan(pod("phase: Running, " + READY), budget)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // policy, healthy, desired, what lets an unready pod go
        "null, 2, 2, WhileUnready[budget=b0]",
        "null, 3, 2, WhileUnready[budget=b0]",
        "null, 1, 2, Counted[budget=b0]",
        "null, 0, 0, Counted[budget=b0]",
        "IfHealthyBudget, 2, 2, WhileUnready[budget=b0]",
        "IfHealthyBudget, 1, 2, Counted[budget=b0]",
        "AlwaysAllow, 1, 2, WhileUnready[budget=b0]",
        "AlwaysAllow, 0, 0, WhileUnready[budget=b0]",
    })
    void anUnreadyPodIsLetGoAsItsBudgetSays(String policy, int healthy, int desired, String expected)
            throws JsonProcessingException {
        String budget = ("spec: {selector: {}, unhealthyPodEvictionPolicy: %s}, "
                        + "status: {currentHealthy: %d, desiredHealthy: %d}")
                .formatted(policy, healthy, desired);
        assertThat(plan(pod("phase: Running, conditions: [{type: Ready, status: 'False'}]"), budget))
                .hasToString(expected);
        assertThat(plan(pod("phase: Running, " + READY), budget)).isEqualTo(new Eviction.Counted("b0"));
    }

    @Test
    void severalBudgetsForOnePodAreRefused() {
        assertThatThrownBy(() -> plan(pod("phase: Running, " + READY), WEB, "spec: {selector: {}}"))
                .hasMessage("This pod has more than one PodDisruptionBudget, which the eviction subresource"
                        + " does not support.")
                .satisfies(refusal ->
                        assertThat(((ApiFailure) refusal).reason().code()).isEqualTo(500));
    }
}
