package dev.keelson.node.probe;

import java.time.Duration;
import java.time.Instant;

/**
 * Where one probe stands: a pure state machine. The standing result changes only after as many equal outcomes in a row
 * as its threshold asks for (Kubernetes: "Configure Probes").
 *
 * <p>Until a container has passed for the first time it is also asked <em>between</em> the periods, at first every
 * 25 ms, so that one that is up after a moment need not wait out a period. Failures of these extra questions do not count.
 *
 * @param result the standing result: readiness and startup begin as failed, liveness as passed
 * @param streak how many equal outcomes in a row the latest is
 * @param lastSuccess the latest outcome that counted
 * @param due when the next outcome counts
 * @param next when to ask next; not after {@code due}
 * @param eager pause before the next extra question; zero when there are none
 * @param decided a startup probe that passed or failed, or a liveness probe that failed: it is not asked again
 */
record ProbeState(
        ProbeKind kind,
        ProbeSpec spec,
        boolean result,
        int streak,
        boolean lastSuccess,
        Instant due,
        Instant next,
        Duration eager,
        boolean decided) {
    private static final Duration FIRST_EAGER = Duration.ofMillis(25);

    static ProbeState begin(ProbeKind kind, ProbeSpec spec, Instant containerStart, Instant now, boolean before) {
        Instant first = containerStart.plus(spec.initialDelay());
        Instant due = first.isBefore(now) ? now : first;
        boolean result = kind == ProbeKind.LIVENESS || before;
        boolean cheap = !(spec.check() instanceof ProbeSpec.Check.Exec);
        Duration eager = kind != ProbeKind.LIVENESS && !before && cheap ? FIRST_EAGER : Duration.ZERO;
        boolean decided = kind == ProbeKind.STARTUP && before;
        return new ProbeState(kind, spec, result, 0, result, due, due, eager, decided);
    }

    /** Whether the threshold of failures has been reached, which ends a container for liveness and startup. */
    boolean failed() {
        return !lastSuccess && streak >= spec.failureThreshold();
    }

    ProbeState after(boolean success, Instant now) {
        boolean counts = success || !now.isBefore(due);
        return counts ? counted(success, now) : pausedUntil(soonest(now), doubled());
    }

    private ProbeState counted(boolean success, Instant now) {
        int run = streak > 0 && lastSuccess == success ? streak + 1 : 1;
        boolean reached = run >= (success ? spec.successThreshold() : spec.failureThreshold());
        boolean standing = reached ? success : result;
        boolean over = reached && (kind == ProbeKind.STARTUP || (kind == ProbeKind.LIVENESS && !success));
        Duration asking = success ? Duration.ZERO : eager;
        Instant nextDue = now.plus(spec.period());
        ProbeState counted = new ProbeState(kind, spec, standing, run, success, nextDue, nextDue, asking, over);
        return counted.pausedUntil(counted.soonest(now), counted.doubled());
    }

    private Instant soonest(Instant now) {
        Instant extra = now.plus(eager);
        return eager.isZero() || extra.isAfter(due) ? due : extra;
    }

    private Duration doubled() {
        Duration twice = eager.multipliedBy(2);
        return twice.compareTo(spec.period()) >= 0 ? Duration.ZERO : twice;
    }

    private ProbeState pausedUntil(Instant at, Duration nextEager) {
        return new ProbeState(kind, spec, result, streak, lastSuccess, due, at, nextEager, decided);
    }
}
