package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeStateTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** {@code outcomes}: + passes, - fails, one a period; {@code result} and {@code failed} after the last. */
    @ParameterizedTest(name = "{0} {1} success={2} failure={3} -> {4}")
    @CsvSource({
        "READINESS, '',       1, 3, false, false",
        "READINESS, +,        1, 3, true,  false",
        "READINESS, +,        2, 3, false, false",
        "READINESS, ++,       2, 3, true,  false",
        "READINESS, +-+,      2, 1, false, false",
        "READINESS, +--,      1, 3, true,  false",
        "READINESS, +---,     1, 3, false, true",
        "READINESS, +---+,    1, 3, true,  false",
        "READINESS, +--+--,   1, 3, true,  false",
        "LIVENESS,  '',       1, 3, true,  false",
        "LIVENESS,  --,       1, 3, true,  false",
        "LIVENESS,  ---,      1, 3, false, true",
        "LIVENESS,  --+--,    1, 3, true,  false",
        "LIVENESS,  -,        1, 1, false, true",
        "STARTUP,   --,       1, 3, false, false",
        "STARTUP,   --+,      1, 3, true,  false",
        "STARTUP,   ---,      1, 3, false, true",
    })
    void standingResult(ProbeKind kind, String outcomes, int success, int failure, boolean result, boolean failed) {
        ProbeState state = begin(kind, success, failure, false);
        for (char outcome : outcomes.toCharArray()) {
            state = state.after(outcome == '+', state.due());
        }
        assertThat(state.result()).isEqualTo(result);
        assertThat(state.failed()).isEqualTo(failed);
    }

    @Test
    void firstQuestionComesAtOnceWithoutDelay() {
        assertThat(begin(ProbeKind.READINESS, 1, 3, false).next()).isEqualTo(START);
    }

    @Test
    void theInitialDelayCountsFromTheContainersStart() {
        ProbeSpec spec = spec(Duration.ofSeconds(30), 1, 3);
        Instant later = START.plusSeconds(10);
        assertThat(ProbeState.begin(ProbeKind.LIVENESS, spec, START, later, false)
                        .next())
                .isEqualTo(START.plusSeconds(30));
        assertThat(ProbeState.begin(ProbeKind.LIVENESS, spec, START, START.plusSeconds(40), false)
                        .next())
                .as("an agent that comes later asks at once")
                .isEqualTo(START.plusSeconds(40));
    }

    @Test
    void startupIsNotAskedAgainOnceItPassed() {
        ProbeState state = begin(ProbeKind.STARTUP, 1, 3, false);
        assertThat(state.after(true, state.due()).decided()).isTrue();
    }

    @Test
    void livenessIsNotAskedAgainOnceItFailed() {
        ProbeState state = begin(ProbeKind.LIVENESS, 1, 1, false);
        assertThat(state.after(false, state.due()).decided()).isTrue();
    }

    @Test
    void containerThatWasReadyStaysReadyForANewAgent() {
        ProbeState state = begin(ProbeKind.READINESS, 1, 3, true);
        assertThat(state.result()).isTrue();
        assertThat(state.after(false, state.due()).result()).isTrue();
    }

    @Test
    void extraQuestionsComeSoonAndTheirFailuresDoNotCount() {
        ProbeState state = begin(ProbeKind.READINESS, 1, 3, false).after(false, START);
        assertThat(state.next()).isEqualTo(START.plusMillis(25));
        for (int i = 0; i < 5; i++) {
            state = state.after(false, state.next());
        }
        assertThat(state.failed()).isFalse();
        assertThat(state.due()).isEqualTo(START.plus(PERIOD));
        assertThat(state.after(true, state.next()).result()).isTrue();
    }

    @Test
    void extraQuestionsEndWithTheFirstSuccess() {
        ProbeState state = begin(ProbeKind.READINESS, 1, 3, false).after(true, START);
        assertThat(state.next()).isEqualTo(START.plus(PERIOD));
        ProbeState failed = state.after(false, state.due());
        assertThat(failed.next()).isEqualTo(START.plus(PERIOD).plus(PERIOD));
    }

    private static ProbeState begin(ProbeKind kind, int success, int failure, boolean before) {
        return ProbeState.begin(kind, spec(Duration.ZERO, success, failure), START, START, before);
    }

    private static ProbeSpec spec(Duration delay, int success, int failure) {
        return new ProbeSpec(
                new ProbeSpec.Check.Http(false, "", new ProbeSpec.Port("80", OptionalInt.of(80)), "/", List.of()),
                delay,
                PERIOD,
                Duration.ofSeconds(1),
                success,
                failure,
                Optional.empty());
    }
}
