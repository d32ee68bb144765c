package dev.keelson.apiserver.custom.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;

/** Counts what an evaluation costs, and ends it when that is too much. One meter for all rules of one request. */
final class CelMeter implements CelEvaluationListener {
    /** Kubernetes' limits: for one evaluation, and for all of a request. */
    private static final long CALL_LIMIT = 1_000_000;

    private static final long BUDGET = 10_000_000;
    private static final int UNITS_A_STEP = 10;

    private long left = BUDGET * UNITS_A_STEP;
    private long call;

    /** Ends an evaluation from inside. */
    private static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exceeded() {
            super("actual cost limit exceeded", null, false, false);
        }
    }

    void begin() {
        call = 0;
    }

    boolean callExceeded() {
        return call > CALL_LIMIT * UNITS_A_STEP;
    }

    /** Ends all further evaluations. */
    void exhaust() {
        left = -1;
    }

    boolean spent() {
        return left < 0;
    }

    @Override
    public void callback(CelExpr expression, Object value) {
        long units = UNITS_A_STEP;
        // A text or list that a step made or looked at costs a tenth of a step for each of its parts.
        if (value instanceof String text) {
            units += text.length();
        } else if (value instanceof Collection<?> items && expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
            units += items.size();
        }
        call += units;
        left -= units;
        if (callExceeded() || spent()) {
            throw new Exceeded();
        }
    }
}
