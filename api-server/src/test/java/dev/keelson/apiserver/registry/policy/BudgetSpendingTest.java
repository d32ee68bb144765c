package dev.keelson.apiserver.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails.Cause;
import dev.keelson.apiserver.registry.StatusReason;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetSpendingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00.123Z");

    private static ObjectNode budget(String status) throws JsonProcessingException {
        return EvictionPlannerTest.yaml("{metadata: {name: b, generation: 2}, status: {" + status + "}}");
    }

    private static ApiFailure refusal(ObjectNode budget) {
        return catchThrowableOfType(ApiFailure.class, () -> BudgetSpending.spend(budget, "p", NOW));
    }

    @Test
    void aDisruptionIsTakenAndThePodNamed() throws JsonProcessingException {
        ObjectNode spent = BudgetSpending.spend(
                budget("observedGeneration: 2, disruptionsAllowed: 2, disruptedPods: {q: '2026-01-01T00:00:00Z'}"),
                "p",
                NOW);
        assertThat(spent.path("status"))
                .hasToString(("{'observedGeneration':2,'disruptionsAllowed':1,'disruptedPods':"
                                + "{'q':'2026-01-01T00:00:00Z','p':'2026-01-01T01:00:00Z'}}")
                        .replace('\'', '"'));
    }

    @Test
    void theLastDisruptionChangesTheCondition() throws JsonProcessingException {
        ObjectNode spent = BudgetSpending.spend(
                budget("observedGeneration: 2, disruptionsAllowed: 1, conditions: [{type: DisruptionAllowed, status: "
                        + "'True', reason: SufficientPods, message: '', observedGeneration: 1}]"),
                "p",
                NOW);
        assertThat(spent.path("status").path("conditions").get(0))
                .isEqualTo(
                        EvictionPlannerTest.yaml("{type: DisruptionAllowed, status: 'False', reason: InsufficientPods, "
                                + "message: '', observedGeneration: 2, lastTransitionTime: '2026-01-01T01:00:00Z'}"));
        assertThat(refusal(spent).reason()).isEqualTo(StatusReason.TOO_MANY_REQUESTS);
    }

    @Test
    void aBudgetThatAllowsNoneSaysItsNumbers() throws JsonProcessingException {
        ApiFailure refusal =
                refusal(budget("observedGeneration: 2, disruptionsAllowed: 0, desiredHealthy: 3, currentHealthy: 2"));
        assertThat(refusal.reason()).isEqualTo(StatusReason.TOO_MANY_REQUESTS);
        assertThat(refusal).hasMessage("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(refusal.details().retryAfterSeconds()).isZero();
        assertThat(refusal.details().causes())
                .containsExactly(new Cause(
                        "DisruptionBudget", "The disruption budget b needs 3 healthy pods and has 2 currently", ""));
    }

    @Test
    void numbersOfAnEarlierGenerationAreNotTrusted() throws JsonProcessingException {
        ApiFailure refusal = refusal(budget("observedGeneration: 1, disruptionsAllowed: 5"));
        assertThat(refusal.reason()).isEqualTo(StatusReason.TOO_MANY_REQUESTS);
        assertThat(refusal.details().retryAfterSeconds()).isEqualTo(10);
        assertThat(refusal.details().causes())
                .containsExactly(new Cause(
                        "DisruptionBudget", "The disruption budget b is still being processed by the server.", ""));
    }

    @Test
    void negativeNumbersAndUnconfirmedEvictionsAreForbidden() throws JsonProcessingException {
        assertThat(refusal(budget("observedGeneration: 2, disruptionsAllowed: -1")))
                .hasMessage("poddisruptionbudget.policy \"b\" is forbidden: pdb disruptions allowed is negative");
        ObjectNode full = budget("observedGeneration: 2, disruptionsAllowed: 9");
        ObjectNode going = full.withObject("/status/disruptedPods");
        IntStream.range(0, 2000).forEach(i -> going.put("p" + i, "2026-01-01T00:00:00Z"));
        assertThat(BudgetSpending.spend(full.deepCopy(), "p", NOW)
                        .path("status")
                        .path("disruptedPods"))
                .hasSize(2001);
        going.put("p2000", "2026-01-01T00:00:00Z");
        assertThat(refusal(full).reason()).isEqualTo(StatusReason.FORBIDDEN);
    }
}
