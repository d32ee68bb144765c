package dev.keelson.node.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Programs are run by a small machine of this test's own, on every kind of call. */
class SeccompFilterTest {
    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int ALLOW = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;
    private static final int KILL = 0x80000000;
    private static final SyscallTable TABLE = SyscallTable.parse(
            List.of("X86_64 read 0", "X86_64 write 1", "X86_64 personality 135", "I386 read 3", "I386 write 4"));

    private static List<Instruction> compile(String json) {
        return SeccompFilter.of(json.getBytes(StandardCharsets.UTF_8), TABLE).program();
    }

    private static int run(List<Instruction> program, int architecture, int number, long... arguments) {
        long accumulator = 0;
        for (int at = 0; ; at++) {
            Instruction step = program.get(at);
            long value = Integer.toUnsignedLong(step.value());
            switch (step.code()) {
                case Instruction.LOAD -> accumulator = word(step.value(), architecture, number, arguments);
                case Instruction.AND -> accumulator &= value;
                case Instruction.JUMP -> at += step.value();
                case Instruction.JUMP_IF_EQUAL -> at += accumulator == value ? step.ifTrue() : step.ifFalse();
                case Instruction.JUMP_IF_GREATER -> at += accumulator > value ? step.ifTrue() : step.ifFalse();
                case Instruction.JUMP_IF_GREATER_OR_EQUAL ->
                    at += accumulator >= value ? step.ifTrue() : step.ifFalse();
                case Instruction.RETURN -> {
                    return step.value();
                }
                default -> throw new AssertionError(step);
            }
        }
    }

    private static long word(int offset, int architecture, int number, long[] arguments) {
        if (offset < 16) {
            return Integer.toUnsignedLong(offset == 0 ? number : architecture);
        }
        long argument = arguments[(offset - 16) / 8];
        return offset % 8 == 0 ? argument & 0xffffffffL : argument >>> 32;
    }

    @Test
    void whatIsNotAllowedIsRefusedAndYoungerCallsAreNotThere() {
        List<Instruction> program = compile("""
                {"defaultAction": "SCMP_ACT_ERRNO",
                 "syscalls": [{"names": ["read", "personality", "of_the_future"], "action": "SCMP_ACT_ALLOW"}]}""");
        assertThat(run(program, X86_64, 0)).isEqualTo(ALLOW);
        assertThat(run(program, X86_64, 1)).isEqualTo(EPERM);
        assertThat(run(program, X86_64, 136)).isEqualTo(ENOSYS);
        assertThat(run(program, X86_64, 0x40000000)).as("x32").isEqualTo(ENOSYS);
        assertThat(run(program, I386, 3))
                .as("an architecture that is not named")
                .isEqualTo(KILL);
    }

    @Test
    void otherArchitecturesHaveTheirOwnNumbers() {
        List<Instruction> program = compile("""
                {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
                 "syscalls": [{"names": ["write"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}""");
        assertThat(run(program, X86_64, 1)).isEqualTo(ENOSYS);
        assertThat(run(program, X86_64, 4)).isEqualTo(ALLOW);
        assertThat(run(program, I386, 4)).isEqualTo(ENOSYS);
        assertThat(run(program, I386, 1)).isEqualTo(ALLOW);
    }

    @Test
    void everyComparisonIsOfAll64BitsWithoutSign() {
        Random random = new Random(7);
        List<String> operators = List.of("EQ", "NE", "GT", "GE", "LT", "LE", "MASKED_EQ");
        for (int round = 0; round < 2000; round++) {
            String operator = operators.get(round % operators.size());
            long value = interesting(random);
            long second = interesting(random) & value;
            long given = round % 3 == 0 ? value : interesting(random);
            List<Instruction> program =
                    compile("""
                    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                      {"names": ["write"], "action": "SCMP_ACT_ERRNO", "args": [
                        {"index": 2, "op": "SCMP_CMP_%s", "value": %s, "valueTwo": %s},
                        {"index": 0, "op": "SCMP_CMP_EQ", "value": 5}]}]}""".formatted(operator, Long.toUnsignedString(value), Long.toUnsignedString(second)));
            boolean holds = holds(operator, given, value, second);
            String shown = "%x %s %x (%x)".formatted(given, operator, value, second);
            assertThat(run(program, X86_64, 1, 5, 0, given)).as(shown).isEqualTo(holds ? EPERM : ALLOW);
            assertThat(run(program, X86_64, 1, 6, 0, given)).as(shown).isEqualTo(ALLOW);
            assertThat(run(program, X86_64, 0, 5, 0, given)).as("another call").isEqualTo(ALLOW);
        }
    }

    /** Numbers whose halves are often equal to one another's. */
    private static long interesting(Random random) {
        long[] halves = {0, 1, 0x7fffffff, 0x80000000L, 0xffffffffL, random.nextInt(4)};
        return halves[random.nextInt(halves.length)] << 32 | halves[random.nextInt(halves.length)];
    }

    private static boolean holds(String operator, long given, long value, long second) {
        int order = Long.compareUnsigned(given, value);
        return switch (operator) {
            case "EQ" -> order == 0;
            case "NE" -> order != 0;
            case "GT" -> order > 0;
            case "GE" -> order >= 0;
            case "LT" -> order < 0;
            case "LE" -> order <= 0;
            default -> (given & value) == second;
        };
    }

    @Test
    void theFirstMatchingRuleDecidesAndConditionsOnOneArgumentAreAlternatives() {
        List<Instruction> program = compile("""
                {"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [
                  {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [
                    {"index": 0, "op": "SCMP_CMP_EQ", "value": 0}, {"index": 0, "op": "SCMP_CMP_EQ", "value": 8}]},
                  {"names": ["personality"], "action": "SCMP_ACT_ERRNO"}]}""");
        assertThat(run(program, X86_64, 135, 0)).isEqualTo(ALLOW);
        assertThat(run(program, X86_64, 135, 8)).isEqualTo(ALLOW);
        assertThat(run(program, X86_64, 135, 9)).isEqualTo(EPERM);
        assertThat(run(program, X86_64, 0)).isEqualTo(KILL);
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> compile("{")).hasMessageContaining("not JSON");
        assertThatThrownBy(() -> compile("{}")).hasMessageContaining("no defaultAction");
        assertThatThrownBy(() -> compile("{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}"))
                .hasMessageContaining("defaultAction: \"SCMP_ACT_NOTIFY\" is not supported");
        assertThatThrownBy(() -> compile(
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": \"SCMP_ACT_ALLOW\"}]}"))
                .hasMessageContaining("syscalls[0] has no names");
        for (String value : new String[] {"\"5\"", "-1", "1.5", "18446744073709551616"}) {
            assertThatThrownBy(() -> compile("""
                            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO",
                              "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": %s}]}]}""".formatted(value)))
                    .hasMessageContaining("syscalls[0].args: ")
                    .hasMessageContaining("is no whole number");
        }
    }
}
