package dev.keelson.node.runtime.seccomp;

import dev.keelson.node.runtime.seccomp.SeccompProfile.Condition;
import java.util.List;

/** Compares a 64-bit argument with a machine that compares 32 bits: the upper half first, then the lower. */
final class ConditionCode {
    private static final int FIRST_ARGUMENT = 16;
    private static final int HALF = 4;

    private ConditionCode() {}

    /**
     * Goes on behind its end when the condition holds.
     *
     * @param behind how many instructions to leave out behind its end when it does not
     */
    static List<Instruction> of(Condition condition, int behind) {
        int low = (int) condition.value();
        int high = (int) (condition.value() >>> 32);
        int argument = FIRST_ARGUMENT + 2 * HALF * condition.argument();
        Instruction loadLow = Instruction.load(argument);
        Instruction loadHigh = Instruction.load(argument + HALF);
        return switch (condition.comparison()) {
            case EQUAL -> List.of(loadHigh, equal(high, 0, behind + 2), loadLow, equal(low, 0, behind));
            case NOT_EQUAL -> List.of(loadHigh, equal(high, 0, 2), loadLow, equal(low, behind, 0));
            case GREATER ->
                List.of(loadHigh, greater(high, 3, 0), equal(high, 0, behind + 2), loadLow, greater(low, 0, behind));
            case GREATER_OR_EQUAL ->
                List.of(loadHigh, greater(high, 3, 0), equal(high, 0, behind + 2), loadLow, atLeast(low, 0, behind));
            case LESS ->
                List.of(loadHigh, greater(high, behind + 3, 0), equal(high, 0, 2), loadLow, atLeast(low, behind, 0));
            case LESS_OR_EQUAL ->
                List.of(loadHigh, greater(high, behind + 3, 0), equal(high, 0, 2), loadLow, greater(low, behind, 0));
            case MASKED_EQUAL ->
                List.of(
                        loadHigh,
                        and((int) (condition.mask() >>> 32)),
                        equal(high, 0, behind + 3),
                        loadLow,
                        and((int) condition.mask()),
                        equal(low, 0, behind));
        };
    }

    private static Instruction equal(int value, int ifTrue, int ifFalse) {
        return new Instruction(Instruction.JUMP_IF_EQUAL, ifTrue, ifFalse, value);
    }

    private static Instruction greater(int value, int ifTrue, int ifFalse) {
        return new Instruction(Instruction.JUMP_IF_GREATER, ifTrue, ifFalse, value);
    }

    private static Instruction atLeast(int value, int ifTrue, int ifFalse) {
        return new Instruction(Instruction.JUMP_IF_GREATER_OR_EQUAL, ifTrue, ifFalse, value);
    }

    private static Instruction and(int value) {
        return new Instruction(Instruction.AND, 0, 0, value);
    }
}
