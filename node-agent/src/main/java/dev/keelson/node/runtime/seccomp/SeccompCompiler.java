package dev.keelson.node.runtime.seccomp;

import dev.keelson.node.runtime.seccomp.SeccompProfile.Condition;
import dev.keelson.node.runtime.seccomp.SeccompProfile.Rule;
import dev.keelson.node.runtime.seccomp.SyscallTable.Architecture;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a profile into a BPF program: for each architecture its rules one after the other, the first that matches
 * answers. Calls that the machine does not know by name are left out, as libseccomp does; calls younger than all of the
 * profile's answer ENOSYS where others would be refused, as runc does, so that C libraries fall back to older ones.
 */
final class SeccompCompiler {
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int X32_BIT = 0x40000000;
    private static final int NOT_THERE = SeccompProfile.ERRNO | SeccompProfile.ENOSYS;

    private final SeccompProfile profile;
    private final SyscallTable table;

    SeccompCompiler(SeccompProfile profile, SyscallTable table) {
        this.profile = profile;
        this.table = table;
    }

    List<Instruction> program() {
        List<Instruction> program = new ArrayList<>();
        for (Architecture architecture : table.architectures()) {
            if (architecture == table.ofMachine() || profile.architectures().contains(architecture.profileName())) {
                List<Instruction> section = section(architecture);
                program.add(Instruction.load(ARCHITECTURE));
                skipUnless(architecture.audit(), section.size(), program);
                program.addAll(section);
            }
        }
        program.add(Instruction.answer(KILL_PROCESS));
        return program;
    }

    /** Sections are longer than a conditional jump reaches. */
    private static void skipUnless(int value, int length, List<Instruction> program) {
        program.add(new Instruction(Instruction.JUMP_IF_EQUAL, 1, 0, value));
        program.add(new Instruction(Instruction.JUMP, 0, 0, length));
    }

    private List<Instruction> section(Architecture architecture) {
        List<Instruction> section = new ArrayList<>();
        List<Instruction> rules = new ArrayList<>();
        int newest = 0;
        for (Rule rule : profile.rules()) {
            for (String name : rule.names()) {
                int number = table.number(architecture, name).orElse(-1);
                newest = Math.max(newest, number);
                if (number >= 0) {
                    rules.addAll(rule(number, rule));
                }
            }
        }
        section.add(Instruction.load(NUMBER));
        if (architecture == Architecture.X86_64) {
            answerIf(Instruction.JUMP_IF_GREATER_OR_EQUAL, X32_BIT, NOT_THERE, section);
        }
        if (refusesOthers()) {
            answerIf(Instruction.JUMP_IF_GREATER, newest, NOT_THERE, section);
        }
        section.addAll(rules);
        section.add(Instruction.answer(profile.otherwise()));
        return section;
    }

    private boolean refusesOthers() {
        return profile.otherwise() != SeccompProfile.ALLOW && profile.otherwise() != SeccompProfile.LOG;
    }

    private static void answerIf(int comparison, int value, int action, List<Instruction> program) {
        program.add(new Instruction(comparison, 0, 1, value));
        program.add(Instruction.answer(action));
    }

    /** Leaves the call's number loaded when it does not answer. */
    private static List<Instruction> rule(int number, Rule rule) {
        List<Instruction> answer = new ArrayList<>();
        for (Condition condition : rule.conditions().reversed()) {
            // Built from the end: a condition that fails leaves out all that is behind it.
            answer.addAll(0, ConditionCode.of(condition, answer.size() + 1));
        }
        answer.add(Instruction.answer(rule.action()));
        if (!rule.conditions().isEmpty()) {
            answer.add(Instruction.load(NUMBER));
        }
        answer.addFirst(new Instruction(Instruction.JUMP_IF_EQUAL, 0, answer.size(), number));
        return answer;
    }
}
